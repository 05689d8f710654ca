"""What was copied off the screens of agents and editors."""
