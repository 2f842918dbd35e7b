"""The command palette, and the commands that it offers."""
