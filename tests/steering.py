"""Texts that try to steer a terminal through whatever some layer decodes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import quote

from hypothesis import strategies as st

SEQUENCES = (
    "\x1b]52;c;cm0gLXJmIH4K\x07",
    "\x1b]0;Zq7777\x1b\\",
    "\x9d2;Zq7777\x9c",
    "\x1b[2J",
    "\x1b[7777;7777H",
    "\x9b7777m",
    "\x1b[201~\n",
    "\x1bPq7777\x1b\\",
    "\x90q7777\x9c",
    "\x1b_Gq7777\x1b\\",
    "\x1b^7777\x1b\\",
    "\x1bX7777\x1b\\",
    "\x1bc",
    "\x1b]8;;http://Zq7777.example/\x1b\\",
    "\b\b\b\x7f\x85\x8d\x0e",
    "\u202e7777\u2066\u2028\U0010eeee",
)


def _everything(encode: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: "".join(encode(character) if not character.isalnum() else character for character in text)


ENCODINGS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "percent": lambda text: quote(text, safe=""),
    "small percent": lambda text: quote(text, safe="").lower(),
    "percent twice": lambda text: quote(quote(text, safe=""), safe=""),
    "percent of Latin-1": lambda text: quote(text.encode("latin-1", "replace"), safe=""),
    "decimal entity": _everything(lambda character: f"&#{ord(character)};"),
    "hexadecimal entity": _everything(lambda character: f"&#x{ord(character):X};"),
    "entity of a percent": lambda text: quote(text, safe="").replace("%", "&percnt;"),
    "named entity": lambda text: text.replace("\n", "&NewLine;").replace("\t", "&Tab;").replace("[", "&lsqb;"),
    "backslashes": _everything(lambda character: f"\\{character}"),
    "TeX's carets": _everything(lambda character: f"^^{ord(character) & 0xFF:02x}"),
    "TeX's control": lambda text: text.replace("\x1b", "^^[").replace("\x07", "^^G"),
    "TeX's number": _everything(lambda character: f'\\char"{ord(character):X} '),
    "JSON": _everything(lambda character: f"\\u{ord(character):04x}"),
}

PLACES: tuple[str, ...] = (
    "{}",
    "<http://x.example/{}>",
    "<https://{}.example/>",
    "<mailto:a{}@b.example>",
    "<a{}@b.example>",
    "<made-up:{}>",
    "see http://x.example/{} there",
    "mailto:a{}@b.example",
    "[label](http://x.example/{})",
    "[label](<http://x.example/{}>)",
    '[label](http://x.example/ "title {}")',
    "[label {}](http://x.example/)",
    "[](http://x.example/{})",
    "[label][{}]\n\n[{}]: http://x.example/",
    "[label][a]\n\n[a]: http://x.example/{} 'title {}'",
    "![alt {}](http://x.example/{} 'title {}')",
    "![](http://x.example/{})",
    "[![alt {}](http://x.example/{})](http://x.example/{})",
    "`code {}`",
    "**strong {}** _emphasis {}_ ~~struck {}~~",
    "```python {}\nx = 1\n```",
    "```{}\nx = 1\n```",
    "```python\nx = '{}'\n```",
    "    indented {}",
    "# Heading {}",
    "> quoted {}",
    "- [ ] task {}",
    "7. {}",
    "| head {} | b |\n| - | - |\n| {} | <http://x.example/{}> |",
    "note[^{}] and[^n]\n\n[^{}]: the note {}\n\n[^n]: another <http://x.example/{}>",
    "<b title='{}'>html {}</b>",
    "<div>\n{}\n</div>",
    "<!-- {} -->",
    "$x^{}$ and \\({}\\)",
    "$$\n\\text{{{}}} \\begin{{{}}} \\frac{{{}}}{{2}}\n$$",
    "\\[ \\mathbb {} \\unknown{{{}}} \\]",
)


def texts() -> st.SearchStrategy[str]:
    """Return a few constructs, with a sequence in each, encoded somehow, or twice."""
    characters = st.text(st.sampled_from("\x1b\x9b\x9d\x90\x9c\x07\x08\x0d\x7f\x85[];?0752JHmc\\\n\u202e"), max_size=8)
    encodings = st.sampled_from(sorted(ENCODINGS)).map(ENCODINGS.__getitem__)
    sequences = st.one_of(st.sampled_from(SEQUENCES), characters)
    once = st.builds(lambda encode, text: encode(text), encodings, sequences)
    twice = st.builds(lambda encode, text: encode(text), encodings, once)
    construct = st.builds(_placed, st.sampled_from(PLACES), st.one_of(once, twice))
    return st.lists(construct, min_size=1, max_size=4).map("\n\n".join)


def every_text() -> Iterator[str]:
    """Yield every encoding in every place; the sequences take turns."""
    number = 0
    for place in PLACES:
        for encode in ENCODINGS.values():
            yield _placed(place, encode(SEQUENCES[number % len(SEQUENCES)]))
            number += 1


def _placed(place: str, text: str) -> str:
    return place.replace("{{", "{ ").replace("}}", " }").replace("{}", text)
