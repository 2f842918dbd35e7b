"""A keyboard-driven chat client for Claude that lives in a terminal."""

__version__ = "0.1.0"
