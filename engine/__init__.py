"""Ledger, flow graph, walks, and the questions asked of them: trace, path, recall scope."""
