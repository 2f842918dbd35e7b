"""The terminal's own language: what it sends, and what is written to it."""
