"""LaTeX as readable text: what has a character in Unicode is shown as that, the rest as plainly as it can be."""

from __future__ import annotations

import re
from itertools import chain
from unicodedata import normalize

from tui_chat.rendering.symbols import DOUBLE_STRUCK, NAMES, SCRIPTS, SUBSCRIPTS, SUPERSCRIPTS, SYMBOLS

_MAX_DEPTH = 12
_TOKEN = re.compile(r"\\[a-zA-Z]+\*?|\\.|[{}^_&~]|\s+|[^\\{}^_&~\s]", re.DOTALL)
_ENVIRONMENT = re.compile(r"\\(begin|end)\s*\{([^{}]*)\}(?:\{[lcr|\s]*\})?")
_ROWS = re.compile(r"(\\begin\s*\{(cases|[a-zA-Z]*matrix)\*?\})((?:(?!\\begin|\\end).)*)(?=\\end|\Z)", re.DOTALL)
_ROW_END, _CELL_END = re.compile(r"\s*\\\\\s*"), re.compile(r"\s*&\s*")
_BRACKETS = {"bmatrix": "[]", "pmatrix": "()", "vmatrix": "||", "Bmatrix": "{}"}
_MARKS = re.compile(r"^(?:\$\$|\\\[)|(?:\$\$|\\\])$")
_OPERATORS = frozenset("=<>≤≥≠≈≡∼→⇒⇔←↦∈∉⊂⊆∪∩∧∨+−±×·∓÷")
_UPRIGHT = frozenset(
    ("text", "textbf", "textit", "textrm", "mathrm", "mathbf", "mathit", "operatorname", "boxed", "mbox")
)
_SILENT = frozenset(("left", "right", "displaystyle", "textstyle", "limits", "big", "Big", "bigg", "Bigg", "nonumber"))
_ACCENTS = {"hat": "\u0302", "bar": "\u0304", "overline": "\u0305", "vec": "\u20d7", "tilde": "\u0303", "dot": "\u0307"}
_SPACES = {",": " ", ";": " ", ":": " ", " ": " ", "!": "", "quad": "  ", "qquad": "    "}


_HALF_COMMAND = re.compile(r"\\(?:(?:begin|end)\{[a-zA-Z*]*|[a-zA-Z]*)\Z")


def without_half_command(formula: str) -> str:
    """Return the formula without a command at its end that may still grow."""
    return _HALF_COMMAND.sub("", formula)


def readable(formula: str) -> str:
    """Return the formula on one line."""
    return normalize("NFC", " ".join(_LatexReader(_without_environments(formula)).text().split()))


def readable_lines(block: str) -> list[str]:
    """Return the lines of a formula that stands on its own, without the marks around it."""
    body = _without_environments(_MARKS.sub("", _MARKS.sub("", block.strip())))
    lines = chain.from_iterable(part.split("\n") for part in re.split(r"\\\\(?:\[[^\]]*\])?", body))
    return [shown for line in lines if (shown := readable(line))]


def _without_environments(formula: str) -> str:
    """Return the formula with matrices and cases on one line, in brackets, and other environments left out."""

    def row(match: re.Match[str]) -> str:
        body = _ROW_END.sub("; ", match[3]).replace("\n", " ")
        return match[1] + (r" \{ " + _CELL_END.sub(", ", body) if match[2] == "cases" else body)

    def bracket(match: re.Match[str]) -> str:
        pair = _BRACKETS.get(match[2].rstrip("*"))
        return f" \\{pair[match[1] == 'end']} " if pair == "{}" else pair[match[1] == "end"] if pair else " "

    if "\\begin" not in formula and "\\end" not in formula:
        return formula
    return _ENVIRONMENT.sub(bracket, _ROWS.sub(row, formula))


class _LatexReader:
    """Reads the tokens of a formula, one argument inside of another."""

    def __init__(self, formula: str) -> None:
        self._tokens = _TOKEN.findall(formula)
        self._next = 0
        self._depth = 0

    def text(self) -> str:
        """Return all of it; a closing brace too many is left out."""
        parts: list[str] = []
        while self._next < len(self._tokens):
            parts.append(self._until_brace())
            self._next += 1
        return "".join(parts)

    def _until_brace(self) -> str:
        parts: list[str] = []
        while self._next < len(self._tokens) and self._tokens[self._next] != "}":
            parts.append(self._part())
        return "".join(parts)

    def _take(self) -> str:
        token = self._tokens[self._next] if self._next < len(self._tokens) else ""
        self._next += 1
        return token

    def _part(self) -> str:
        token = self._take()
        if self._depth >= _MAX_DEPTH:
            return token
        self._depth += 1
        shown = self._shown(token)
        self._depth -= 1
        return shown

    def _shown(self, token: str) -> str:
        if token == "{":
            return self._group()
        if token in ("^", "_"):
            return self._script(token)
        if token in ("&", "~") or token.isspace():
            return " "
        if token.startswith("\\"):
            return self._command(token[1:].rstrip("*"))
        return {"-": "−", "'": "′", "*": "∗"}.get(token, token)

    def _group(self) -> str:
        text = self._until_brace()
        self._next += 1
        return text

    def _argument(self) -> str:
        while self._next < len(self._tokens) and self._tokens[self._next].isspace():
            self._next += 1
        if self._next >= len(self._tokens) or self._tokens[self._next] == "}":
            return ""
        return self._part()

    def _script(self, mark: str) -> str:
        """Return a superscript or subscript, in its own characters if they all exist."""
        argument = self._argument().strip()
        table = SUPERSCRIPTS if mark == "^" else SUBSCRIPTS
        if mark == "^" and argument == "∘":
            return "°"
        if argument and all(character in table for character in argument):
            return "".join(table[character] for character in argument)
        return mark + (argument if len(argument) < 2 else f"({argument})")

    def _command(self, name: str) -> str:
        if name in SYMBOLS:
            symbol = SYMBOLS[name]
            return f" {symbol} " if symbol in _OPERATORS else symbol
        if name in _SPACES:
            return _SPACES[name]
        if name in NAMES:
            return name + ("" if self._followed_by_script() else " ")
        if name in ("frac", "dfrac", "tfrac", "cfrac"):
            return f"{_grouped(self._argument())}/{_grouped(self._argument())}"
        if name == "binom":
            return f"C({self._argument()}, {self._argument()})"
        if name == "sqrt":
            return self._root()
        if name in _UPRIGHT:
            return self._argument()
        return self._other(name)

    def _other(self, name: str) -> str:
        if name in ("mathbb", "mathcal", "mathscr", "mathfrak"):
            table = DOUBLE_STRUCK if name == "mathbb" else SCRIPTS
            return "".join(table.get(character, character) for character in self._argument())
        if name in _ACCENTS:
            argument = self._argument()
            return argument + _ACCENTS[name] if len(argument) == 1 else f"{name}({argument})"
        if name in _SILENT:
            return ""
        if name == "\\":
            return "; "
        if len(name) < 2 and not name.isalnum():
            return name
        return f"\\{name}" + (f"{{{self._argument()}}}" if self._tokens[self._next : self._next + 1] == ["{"] else " ")

    def _root(self) -> str:
        degree = ""
        if self._next < len(self._tokens) and self._tokens[self._next] == "[":
            while (token := self._take()) not in ("]", ""):
                degree += token.strip("[")
        sign = {"": "√", "3": "∛", "4": "∜"}.get(degree) or "".join(SUPERSCRIPTS.get(c, c) for c in degree) + "√"
        return sign + _grouped(self._argument())

    def _followed_by_script(self) -> bool:
        return self._next < len(self._tokens) and self._tokens[self._next] in ("^", "_", "(", "{")


def _grouped(text: str) -> str:
    """Return the text in brackets if it is more than one number, letter or call."""
    text = text.strip()
    return text if re.fullmatch(r"[^\s+−/=<>]*", text) else f"({text})"
