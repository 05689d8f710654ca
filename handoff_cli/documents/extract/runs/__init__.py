"""What was run and what came of it: checks and failures as they supersede each other, commits, what was taken back."""
