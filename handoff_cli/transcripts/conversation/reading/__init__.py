"""The state of a conversation that is being read, and the first look at the whole of its text."""
