"""What the agent told that came of it: the story in order of time, causes, measurements, what was ruled out."""
