"""The Textual app: screens, widgets, and the thread workers that replies run in."""

import os

# Textual reads this once, as it is imported: how long it waits for what may follow a lone Esc. Its 100 ms alone
# would be more than Stop may take; 25 ms are still enough for the key sequences of a slow connection.
os.environ.setdefault("ESCDELAY", "25")
