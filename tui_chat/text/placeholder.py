"""The one character that stands for every character which may not be shown."""

STAND_IN = "\ufffd"
