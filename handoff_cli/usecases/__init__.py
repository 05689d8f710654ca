"""The use cases, one function each, shared by the command line, the Python API, hooks and servers."""
