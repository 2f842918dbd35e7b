"""A leaf that all may use: cleaning of foreign text, and cell widths."""
