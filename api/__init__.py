"""Every way in: the command line, its settings, and the only place where concrete stores are made (design §1)."""
