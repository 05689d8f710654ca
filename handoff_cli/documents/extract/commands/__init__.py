"""What a command line is, by its text and by what it printed: its steps, programs, checks, and errors by name."""
