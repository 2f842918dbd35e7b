"""The Textual app: screens, widgets, and the thread workers that replies run in."""

import os

# Textual reads this once, as it is imported: how long it waits for what may follow a lone Esc. Its 100 ms alone
# would be more than Stop may take; 20 ms are still enough for a key sequence, whose bytes travel together.
os.environ.setdefault("ESCDELAY", "20")
