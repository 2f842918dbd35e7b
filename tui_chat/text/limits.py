"""Limits on everything from outside the program: more than any honest reply or file has, less than does harm."""

from __future__ import annotations

LARGEST_ANSWER_BYTES = 64_000_000
"""An answer of a server on the wire, all of its events together."""
LARGEST_RESULTS_BYTES = 8_000_000_000
"""The results of a batch of requests, which are read one by one."""
LONGEST_LINE_BYTES = 16_000_000
"""One line of a stream: a whole event, with a file in it if need be."""
LARGEST_MODEL_LIST_BYTES = 1_000_000
"""The list of models of whatever listens on this machine."""
MOST_LISTED_MODELS = 500
"""Models of that list."""
LONGEST_PROMPT = 4_000_000
"""Characters of a prompt, wherever it is written. No model takes more."""
LONGEST_REPLY = 8_000_000
"""Characters of one reply: text, thinking and arguments of tools together."""
MOST_BLOCKS = 5_000
"""Content blocks of one reply."""
MOST_COLUMNS = 64
"""Columns of a table; one that has more is shown as its text."""
LONGEST_TOOL_RESULT = 100_000
"""Characters of one result of a tool: about as many tokens as fill an eighth of a large model's context."""
MOST_TOOLS = 128
"""Tools that one request offers; OpenAI takes no more."""
MOST_CITATIONS = 5_000
"""Places that one reply cites."""
LARGEST_FILE_BYTES = 20_000_000
"""A file that goes with a prompt. With what base64 adds, more does not go into one request."""
LARGEST_FILES_BYTES = 20_000_000
"""All files of one prompt together, for the same reason."""
LARGEST_REQUEST_BYTES = 32_000_000
"""A request to Anthropic, with all the files of its conversation in it."""
MOST_FILES = 50
"""Files of one prompt."""
LARGEST_TEXT_BYTES = 4_000_000
"""A text that goes with a prompt; like a prompt's, more than any model takes."""
LARGEST_PICTURE_BYTES = 3_900_000
"""A picture as it is sent: in base64, which is what Anthropic counts, 5 MB."""
LARGEST_PICTURE_EDGE = 8_000
"""Pixels to a side of a picture as it is sent. This limit and the next ones are those that Anthropic documents."""
MANY_PICTURES = 20
"""Pictures in one request; where there are more, each may only be so large:"""
LARGEST_EDGE_AMONG_MANY = 2_000
"""Pixels to a side."""
MOST_PICTURES = 600
"""Pictures in one request to a model of a large context; to any other:"""
MOST_PICTURES_OF_SMALL_CONTEXT = 100
"""Pictures, where the context is not larger than the next number."""
SMALL_CONTEXT = 200_000
"""Tokens."""
MOST_PIXELS = 80_000_000
"""Of a picture that is to be shrunk: decoded, it takes four bytes for each."""
LARGEST_IMPORT_BYTES = 256_000_000
"""One conversation in a file."""
LARGEST_ARCHIVE_BYTES = 8_000_000_000
"""All conversations in a file, unpacked: they are read one by one."""
LARGEST_TRANSCRIPT_BYTES = 32_000_000
"""A conversation in Markdown."""
DEEPEST_JSON = 100
"""Nested objects and lists. Code that walks through them takes a few stack frames for each."""
MOST_COUNTED = 10**12
"""A count of anything, such as tokens."""
LARGEST_NUMBER = 2**63 - 1
"""A whole number in JSON, up or down."""
LONGEST_SENTENCE = 300
"""Characters of a sentence for the user, whatever it quotes."""
LONGEST_NAME = 200
"""Characters of a name: an ID, a model, a reason."""
LONGEST_QUOTE = 60
"""Characters of an invalid value, where a sentence quotes it."""
LONGEST_RAW = 2_000
"""Characters that are shown of a stored part that cannot be drawn."""
EARLIEST_YEAR, LATEST_YEAR = 1971, 2998
"""Every time zone can represent the times of these years, and of a day before and after."""
