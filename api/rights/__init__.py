"""What is shown to whom: rights never cut a walk, they decide what of its answer is shown (design §6)."""
