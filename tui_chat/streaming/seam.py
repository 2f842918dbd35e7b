"""Joins the rest of a reply to what came before it, without repeating or losing a character.

A model is asked to begin with the last words once more, the anchor. Where they are found, all up to their end is
dropped, whatever stands before them that is no text of the reply. Where they are not, the rest is added as it is,
unless it begins with so many of the last characters that this cannot be chance. What a text repeats by its own nature
(a row of dashes, equal lines, `ha ha ha`) proves nothing: then nothing is dropped, and the seam counts as guessed.
"""

from __future__ import annotations

import re
from bisect import bisect

from tui_chat.patterns import pattern

REACH = 2000
"""Characters at a text's end that are looked at."""
ANCHOR = 40
"""The length of the last words that a model is asked to begin with: none so long occur twice by chance."""
WINDOW = 340
"""Characters of the rest within which the anchor may begin."""
SURE = 20
"""The number of repeated characters that make a repetition, wherever they begin."""
SURE_FROM_START = 12
"""The same, without white space, where they begin with a line or a sentence."""
PATTERN = 3
"""Characters beyond a repetition: a text that still repeats itself over them has a pattern."""
LONGEST_REMARK = 200

_WORD_START = pattern(r"(?<!\S)\S|(?<!\w)[^\s)\]},.;:!?]|[^\x00-\u024f\s]")
"""The places where an anchor may begin: at a word; any character of a script without spaces is one."""
_FENCE = pattern(r"^[ \t]*(`{3,}|~{3,})([^\n]*)", re.MULTILINE)
_FENCE_LINE = pattern(r"[ \t]*(?P<fence>`{3,}|~{3,})(?P<language>[^`\n]*)\n")
_BEGUN_FENCES = ("`", "``", "```", "~", "~~", "~~~")
_START = pattern(r"(?:^|[\n.!?:。！？])\s*\Z")
_ANNOUNCEMENT = pattern(
    r"(?:[^\n]{1,200}:|[^\n]{0,100}\bcontinu[^\n]{0,100})\s*\n\s*|(?:Sure|Certainly|Of course)[!.]\s+"
)
"""A remark that is none of the reply's own words, even where it begins as the reply does."""
_MARKS = "*_#>\"'("
"""Characters that may stand before the first letter of a remark."""
_REMARK_END = pattern(r"[.:!?…。：！][\"')*_]*\s+\Z|\n\s*\Z")


def anchor_of(text: str) -> str:
    """Return the last words of a text, from a word's beginning on, so many that they stand nowhere else in its end."""
    tail = text[-REACH:]
    starts = [match.start() for match in _WORD_START.finditer(tail) if len(tail) - match.start() >= ANCHOR]
    unique = (tail[start:] for start in reversed(starts) if tail.count(tail[start:]) == 1)
    return next((anchor for anchor in unique if not _has_pattern(anchor)), tail.lstrip())


class Seam:
    """Takes the rest piece by piece and gives back what of it is new."""

    def __init__(self, before: str) -> None:
        self.guessed = False
        """True if something was added, and nothing proves that it is the rest, exactly."""
        self._before = before
        self._partial = before.rstrip()
        self._anchor = anchor_of(self._partial)
        self._sure = len(_squeezed(self._anchor)) >= SURE_FROM_START and not _has_pattern(self._anchor)
        self._anchor_pattern = _pattern_of(self._anchor)
        self._said = _squeezed(before)
        self._fence = _open_fence(before)
        self._held = ""
        self._settled = not self._partial

    def feed(self, text: str) -> str:
        """Return the part of the rest that is certainly new; the beginning is held until it is clear."""
        if self._settled:
            return text
        self._held += text
        return self._settle(ended=False)

    def flush(self) -> str:
        """Decide now: the rest has ended."""
        return "" if self._settled else self._settle(ended=True)

    def break_off(self) -> str:
        """Return what is new, as the rest was cut: held text that may only begin a repetition is asked for again."""
        return "" if self._settled or self._is_begun_repetition() else self.flush()

    def _settle(self, *, ended: bool) -> str:
        """Return what is new of all that is held, once that is clear; the white space before it is in question too."""
        view, decided = self._view(), ended or self._decides(len(self._held) - PATTERN)
        found = self._after_anchor(view) if self._sure or decided else None
        if found is None and decided:
            found = self._after_overlap(view)
        new_from = self._opened_again(view) if found is None else found
        if not ended and ((found is None and not decided) or not self._held[new_from:].strip()):
            return ""
        self.guessed = found is None and bool(self._held.strip())
        return self._join(new_from)

    def _view(self) -> str:
        """Return as much of what is held as decides, however much has come at once."""
        return self._held[: bisect(range(len(self._held)), False, key=self._decides) + PATTERN]

    def _decides(self, size: int) -> bool:
        """True if so many characters are enough: they are not all old, and too many or no beginning of a remark."""
        begun = self._held[: max(size, 0)]
        if _squeezed(begun) in self._said or (not self._sure and size < 2 * len(self._anchor)):
            return False
        return size >= WINDOW + len(self._anchor) or not _may_be_lead(begun)

    def _after_anchor(self, view: str) -> int | None:
        """Return the end of the anchor that the rest begins with; None if it does not."""
        found = [
            match
            for match in self._anchor_pattern.finditer(view)
            if self._may_stand_before(view[: match.start()], view[match.end() :]) and self._proves(match, view)
        ]
        announced = [match for match in found if _ANNOUNCEMENT.fullmatch(view[: match.start()])]
        first = next(iter(found if self._sure else announced or found), None)
        return first.end() if first else None

    def _proves(self, match: re.Match[str], view: str) -> bool:
        """True if an anchor that was found was said again, and is not what the text goes on with."""
        if self._sure:
            return True
        if self._anchor in _BEGUN_FENCES:
            return view.startswith(self._anchor[0] * 3, match.start())  # its rest would be shorter
        if self._before != self._partial and view[match.end() : match.end() + 1].isalnum():
            return False  # its last word had ended
        return not _has_pattern(self._anchor) and not view.startswith(self._anchor, match.end())

    def _may_stand_before(self, lead: str, after: str = "") -> bool:
        """True if this is nothing of the reply's own: a remark, a fence or dots, or a longer repetition."""
        old = _common_end(lead, self._partial.removesuffix(self._anchor))
        if lead == old:
            return not (lead.strip() and _is_equal_line(lead + self._anchor, after))
        if not self._sure and lead[0] in " \t":
            return False
        return any(_is_idle(text) or _is_remark(text) for text in (lead, lead.removesuffix(old)))

    def _after_overlap(self, view: str) -> int | None:
        """Return the end of the last characters' repetition that the rest begins with; None if there is none."""
        longest = min(len(view), len(self._partial))
        size = next((size for size in range(longest, 0, -1) if self._partial.endswith(view[:size])), 0)
        return size if self._is_repetition(view[:size], view[size:]) else None

    def _is_repetition(self, again: str, after: str) -> bool:
        """True if the last characters were said again, and are not what the text goes on with."""
        head = self._partial.removesuffix(again)
        starts = len(_squeezed(again)) >= SURE_FROM_START and again[0] != "\n" and bool(_START.search(head))
        if len(again) < SURE and not starts:
            return False
        if _is_equal_line(again, after):
            return False
        around = _common_end(head, again), _common_start(after, again)
        beyond = sum(len(same) for same in around if same.strip())
        return beyond < PATTERN and not _has_pattern(again)

    def _is_begun_repetition(self) -> bool:
        """True if what is held is the beginning of the last words, perhaps after a remark."""
        held = self._held.strip()
        if held in self._partial[-WINDOW:]:
            return True
        starts = (match.start() for match in re.finditer(r"\S", self._held))
        return any(
            self._anchor.startswith(self._held[start:].rstrip()) and self._may_stand_before(self._held[:start])
            for start in starts
        )

    def _join(self, new_from: int) -> str:
        """Return what is held from there on, without white space that stands at the end of the text already."""
        more, self._held, self._settled = self._held[new_from:], "", True
        lead, had = _lead(more), self._before[len(self._partial) :]
        if lead.startswith(had):
            columns = self._fence or self._before.rpartition("\n")[2].startswith("|")
            doubled = not had and not new_from and lead == "  " and not columns
            return more[len(had) + doubled :]
        if "\n" in lead and "\n" not in had:
            return more
        indents = "\n" in had and "\n" not in lead and (len(lead) > 1 or self._fence)
        return more if indents else more.lstrip()

    def _opened_again(self, view: str) -> int:
        """Return the end of the line that reopens the code block in which the text ends; it can be no other block."""
        line = _FENCE_LINE.match(view) if self._fence else None
        if not line or not line["fence"].startswith(self._fence) or not line["language"].strip():
            return 0
        begun = self._before.rpartition("\n")[2]
        if begun.lstrip().startswith(self._fence):
            return len(begun) if view.startswith(begun) else 0
        return line.end()


def _pattern_of(anchor: str) -> re.Pattern[str]:
    """Finds the anchor with other white space, and with a capital at its beginning, as a model begins a reply."""
    first, *others = anchor.split() or [""]
    cased = f"[{first[0].upper()}{first[0]}]" if first[:1].isalpha() else re.escape(first[:1])
    return re.compile(r"\s+".join([cased + re.escape(first[1:]), *map(re.escape, others)]))


def _is_equal_line(again: str, after: str) -> bool:
    """True if what stands once more may well be the next line, which says the same."""
    return again.rfind("\n") == 0 and after[:1] in ("", "\n")


def _open_fence(text: str) -> str:
    """Return the fence of the code block in which a text ends; "" outside of one."""
    fence = ""
    for match in _FENCE.finditer(text):
        if not fence:
            fence = match[1]
        elif match[1].startswith(fence) and not match[2].strip():
            fence = ""
    return fence


def _is_idle(text: str) -> bool:
    """True if this is white space, dots, or the line that opens a code block."""
    return text.strip() in ("", "...", "…") or bool(_FENCE_LINE.fullmatch(text.strip() + "\n"))


def _is_remark(text: str) -> bool:
    """True if this looks like a sentence or two that a model puts before a text: it begins with a capital, and ends."""
    return len(text) <= LONGEST_REMARK and _begins_large(text) and bool(_REMARK_END.search(text))


def _may_be_lead(text: str) -> bool:
    """True if this may become something that stands before the anchor."""
    begun = text.lstrip()
    return begun[:1] in (".", "…", "`", "~") or not begun.strip(_MARKS) or _begins_large(begun)


def _begins_large(text: str) -> bool:
    first = text.lstrip(_MARKS)[:1]
    return first.isalpha() and not first.islower()


def _has_pattern(text: str) -> bool:
    """True if a text is the same piece over and over, at least twice."""
    return any(text[period:] == text[:-period] for period in range(1, len(text) // 2 + 1))


def _common_end(one: str, other: str) -> str:
    """Return the characters with which both end."""
    return _common_start(one[::-1], other[::-1])[::-1]


def _common_start(one: str, other: str) -> str:
    """Return the characters with which both begin."""
    pairs = enumerate(zip(one, other, strict=False))
    return one[: next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))]


def _squeezed(text: str) -> str:
    """Return the text without its white space, which a model does not repeat faithfully."""
    return "".join(text.split())


def _lead(text: str) -> str:
    """Return the white space at the beginning."""
    return text[: len(text) - len(text.lstrip())]
