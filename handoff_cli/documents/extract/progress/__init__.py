"""Where the work stands: what was done last, what is left of it, and what comes next."""
