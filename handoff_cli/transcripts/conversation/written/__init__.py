"""What was done, as logs and exports write it: calls of tools, commands, changed files, with their results."""
