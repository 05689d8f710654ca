"""What the user asked for, chose, refused and laid down, and what a short reply refers to."""
