"""What names and marks in a line tell: who speaks, what a call was given, what goes on in the next line."""
