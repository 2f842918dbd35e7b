"""The settings screen: its table of settings, and the editors of their values."""
