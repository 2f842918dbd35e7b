"""The escape sequences of keys: where each ends, and one form for the same key in every keyboard protocol."""

from __future__ import annotations

import re

from tui_chat.patterns import pattern

TOKEN = pattern(
    r"""
    (?P<text> [^\x1b]+ )
    | (?P<sequence> \x1b (?:
          \[\[[A-E]                                # a function key of the Linux console
        | \[M[\s\S]{3}                             # the mouse, as the first terminals report it
        | \[[0-9]+\$                               # rxvt, a key with Shift
        | \[(?![M\[]) [0-?]{0,64} [\x20-/]{0,4} [@-~]
        | O[\x20-~]
        | [\]PX^_] [^\x07\x1b]* (?: \x07 | \x1b\\ )  # a late answer to what another program had asked
        | (?! \]1 (?: 1 (?: ; [^\x07\x1b]{0,40} \x1b? )? )? \Z | P> (?: \| [^\x07\x1b]{0,40} \x1b? )? \Z )
          [^\[O\x1b]  # a key with Alt, no answer that is cut
      ))
    | (?P<beginning> \x1b (?: \[ (?: \[ | M[\s\S]{0,2} | [0-?]{0,64} [\x20-/]{0,4} )
        | O
        | \]1 (?: 1 (?: ; [^\x07\x1b]{0,40} \x1b? )? )?  # the answer to our question for the ground
        | P> (?: \| [^\x07\x1b]{0,40} \x1b? )?  # that to the one for its name
      )? )
    """,
    re.VERBOSE,
)
"""Text, a whole sequence, or the beginning of one."""

_SHIFT_ENTER = "\x1b[13;2u"
# Shift+Enter without a keyboard protocol. Textual takes both for Enter, which sends.
_PLAIN_SHIFT_ENTER = {
    "\x1b\r",  # Alt+Enter, and Shift+Enter where a terminal was set up for programs like this one
    "\x1bOM",  # Konsole
}
_STRING = pattern(r"\x1b[\]PX^_].")
_LONGEST = 32
"""Textual takes a longer sequence for typed text, and a string too."""
_KEY = pattern(r"\x1b\[([0-9:;]*)([u~A-HPQRS])")
_SHIFT_ONLY = {"", "1", "2"}
_RELEASED = "3"


def canonical(sequence: str) -> str:
    """Return the sequence as Textual's parser understands it; "" if it is no key, or a key that was let go.

    The kitty protocol adds to a field what Textual does not expect there: other keys' codes, and whether the key was
    pressed, repeated or released (`CSI 13;2:1u`). Of xterm's modifyOtherKeys (`CSI 27;2;13~`) Textual makes names that
    no binding has (`shift+` and a carriage return) and types the letter of an unbound Ctrl+letter.
    """
    if sequence in _PLAIN_SHIFT_ENTER:
        return _SHIFT_ENTER
    if len(sequence) > _LONGEST or _STRING.match(sequence):
        return ""
    if (match := _KEY.fullmatch(sequence)) is None:
        return sequence
    fields, final = match[1].split(";"), match[2]
    fields[0] = fields[0].partition(":")[0]
    if len(fields) > 1:
        fields[1], _, event = fields[1].partition(":")
        if event == _RELEASED:
            return ""
    if final == "~" and fields[0] == "27" and len(fields) == 3:
        return _other_key(fields[1], int(fields[2])) or sequence
    return f"\x1b[{';'.join(fields)}{final}"


def _other_key(modifiers: str, code: int) -> str:
    """Return the key in kitty's form; "" for one that types a character, which Textual gets right."""
    character = chr(code)
    if modifiers in _SHIFT_ONLY and character.isprintable():
        return ""
    unshifted = character.lower() if len(character.lower()) == 1 else character
    return f"\x1b[{ord(unshifted)};{modifiers}u"
