"""Context for coding agents that survives the context window."""
