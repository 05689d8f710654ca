"""The handoff document: gather facts, render, keep what people wrote."""
