"""The app as lines, for screen readers: nothing is drawn again, and every line is written once."""
