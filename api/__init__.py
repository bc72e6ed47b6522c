"""Every way in: the command line, its settings, and where concrete stores are made (design §1)."""
