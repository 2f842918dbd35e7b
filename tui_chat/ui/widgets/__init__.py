"""Widgets, one idea a file, each with its stylesheet beside it."""
