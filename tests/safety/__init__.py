"""What must not happen: a lost event, half a load, a traceback, a trace that does not end."""
