"""Benchmarks: side by side, in one run, whole processes. `make bench` runs them all."""
