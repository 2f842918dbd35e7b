"""The Textual app: screens, widgets, and the thread workers that replies run in."""
