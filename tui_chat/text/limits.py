"""How much of anything from outside the program takes: more than any honest reply or file has, less than hurts."""

from __future__ import annotations

LARGEST_ANSWER_BYTES = 64_000_000
"""An answer of a server on the wire, all of its events together."""
LONGEST_LINE_BYTES = 16_000_000
"""One line of a stream: a whole event, with a file in it if need be."""
LONGEST_REPLY = 8_000_000
"""Characters of one reply: text, thinking and arguments of tools together."""
MOST_BLOCKS = 5_000
"""Content blocks of one reply."""
MOST_COLUMNS = 64
"""Columns of a table; one that has more is shown as its text."""
MOST_CITATIONS = 5_000
"""Places that one reply cites."""
LARGEST_IMPORT_BYTES = 256_000_000
"""A file with a conversation."""
DEEPEST_JSON = 100
"""Objects and lists in each other. Whoever walks through them takes a few frames of the stack for each."""
MOST_COUNTED = 10**12
"""A count of anything, such as tokens."""
LARGEST_NUMBER = 2**63 - 1
"""A whole number in JSON, up or down."""
LONGEST_SENTENCE = 300
"""Characters of a sentence for the user, whatever it quotes."""
LONGEST_NAME = 200
"""Characters of what something goes by: an ID, a model, a reason."""
LONGEST_QUOTE = 60
"""Characters of something that makes no sense, where a sentence shows it."""
LONGEST_RAW = 2_000
"""Characters that are shown of a stored part that cannot be drawn."""
EARLIEST_YEAR, LATEST_YEAR = 1971, 2998
"""Every clock and calendar of every time zone can tell the times of these, and of a day before and after."""
