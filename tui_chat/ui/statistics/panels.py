"""The panels of the statistics: figures, charts and tables, drawn to the width there is."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from tui_chat.records import dataclass
from tui_chat.text import cell_len, fit, pad
from tui_chat.ui.statistics.charts import bar, columns

GAP = 2
CHART_HEIGHT = 5
SHORTEST_NAME = 18
BAR_WIDTH = 14
_ALL_PARTS = {"panel--title", "panel--value", "panel--label", "panel--text", "panel--bar"}


class Panel(Widget):
    """Lines of text and block characters; what they are depends on the width.

    A panel names the parts that it has, and no others: each costs as much to style as a widget.
    """

    @abstractmethod
    def lines(self, width: int) -> Sequence[Content]:
        """Return the panel's lines, at most so wide."""

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the number of lines."""
        return len(self.lines(width))

    def render(self) -> Content:
        """Return the lines."""
        return Content("\n").join(self.lines(self.size.width))

    def styled(self, part: str, text: str) -> Content:
        """Return a text in the style of a part, from the stylesheet."""
        return Content.styled(text, self.get_visual_style(f"panel--{part}", partial=True))


@dataclass(frozen=True)
class Figure:
    """A figure, what it is, and what else there is to say of it: each of these in fewer words where room is scarce."""

    value: str = ""
    label: Sequence[str] = ("",)
    detail: Sequence[str] = ("",)


class FigurePanel(Panel):
    """One figure."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"panel--value", "panel--label"}

    figure = Figure()

    def show(self, figure: Figure) -> None:
        """Show another figure."""
        self.figure = figure
        self.refresh(layout=True)

    def lines(self, width: int) -> Sequence[Content]:
        """Return the value, its label and the detail."""
        figure = self.figure
        label, detail = _in_room(figure.label, width), _in_room(figure.detail, width)
        return [
            self.styled("value", fit(figure.value, width)),
            self.styled("label", label),
            self.styled("label", detail),
        ]


class ChartPanel(Panel):
    """A column for each step of time, with the first and the last one named, and the highest with its figure."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"panel--title", "panel--label", "panel--bar"}

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self._title = ""
        self._most = ""
        self._values: Sequence[float] = ()
        self._labels: Sequence[str] = ()

    def show(self, title: str, most: str, values: Sequence[float], labels: Sequence[str]) -> None:
        """Show other values."""
        self._title, self._most, self._values, self._labels = title, most, values, labels
        self.refresh(layout=True)

    def lines(self, width: int) -> Sequence[Content]:
        """Return the title and the highest value, the columns, the ends of the axis."""
        chart = columns(self._values, width, CHART_HEIGHT)
        labels = self._labels[-width:] if width else ()
        drawn = max(map(len, chart), default=0)
        first, last = (labels[0], labels[-1]) if labels else ("", "")
        axis = pad(first, max(drawn - len(last), len(first) + GAP)) + last if len(labels) > 1 else first
        return [
            self.styled("title", self._title)
            + self.styled("label", fit(f"  {self._most}", max(width - len(self._title), 0))),
            *(self.styled("bar", row) for row in chart),
            self.styled("label", fit(axis, width)),
        ]


@dataclass(frozen=True)
class Share:
    """A part of a whole."""

    name: str
    count: int
    note: str = ""
    """The note shown where its share of the whole says nothing."""


class SharesPanel(Panel):
    """Parts of a whole, each with its number and a bar."""

    COMPONENT_CLASSES: ClassVar[set[str]] = _ALL_PARTS

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self._title = ""
        self._shares: Sequence[Share] = ()
        self._whole = 0

    def show(self, title: str, shares: Sequence[Share], whole: int) -> None:
        """Show other parts; a whole of 0 has none."""
        self._title, self._shares, self._whole = title, shares, whole
        self.display = bool(shares)
        self.refresh(layout=True)

    def lines(self, width: int) -> Sequence[Content]:
        """Return the title, and a line for each part."""
        names = max((cell_len(share.name) for share in self._shares), default=0)
        counts = max((len(f"{share.count:,}") for share in self._shares), default=0)
        return [self.styled("title", self._title), *(self._line(share, names, counts, width) for share in self._shares)]

    def _line(self, share: Share, names: int, counts: int, width: int) -> Content:
        part = share.count / self._whole if self._whole else 0.0
        said = share.note or percent(part).rjust(4)
        room = width - names - counts - len(said) - 3 * GAP
        drawn = "" if share.note else bar(part, min(room, 2 * BAR_WIDTH))
        pieces = (("text", pad(share.name, names)), ("value", f"{share.count:,}".rjust(counts)), ("label", said))
        return Content("  ").join([*(self.styled(part, text) for part, text in pieces), self.styled("bar", drawn)])


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading and what stands in it."""

    heading: str
    cells: Sequence[str]


class TablePanel(Panel):
    """A row for each name, with a bar and figures; the last columns give way on a narrow screen."""

    COMPONENT_CLASSES: ClassVar[set[str]] = _ALL_PARTS

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self._heading = ""
        self._names: Sequence[str] = ()
        self._values: Sequence[float] = ()
        self._columns: Sequence[Column] = ()

    def show(self, heading: str, names: Sequence[str], values: Sequence[float], columns: Iterable[Column]) -> None:
        """Show other rows; the values are what the bars tell."""
        self._heading, self._names, self._values, self._columns = heading, names, values, tuple(columns)
        self.display = bool(names)
        self.refresh(layout=True)

    def lines(self, width: int) -> Sequence[Content]:
        """Return the headings, and the rows."""
        shown = list(self._columns)
        longest = max(map(cell_len, [self._heading, *self._names]), default=0)
        needed = min(longest, SHORTEST_NAME)
        while shown and width < needed + sum(_width(column) + GAP for column in shown):
            shown.pop()
        left = width - sum(_width(column) + GAP for column in shown)
        bars = BAR_WIDTH if left >= longest + GAP + BAR_WIDTH else 0
        name = min(longest, left)
        head = self.styled("title", pad(self._heading, name) + " " * (GAP + bars if bars else 0))
        heads = [self.styled("label", " " * GAP + column.heading.rjust(_width(column))) for column in shown]
        return [
            Content.assemble(head, *heads),
            *(self._row(index, name, bars, shown) for index in range(len(self._names))),
        ]

    def _row(self, index: int, name: int, bars: int, shown: Sequence[Column]) -> Content:
        pieces = [self.styled("text", pad(self._names[index], name))]
        if bars:
            share = self._values[index] / (max(self._values) or 1)
            pieces.append(self.styled("bar", " " * GAP + bar(share, bars).ljust(bars)))
        pieces += [self.styled("value", " " * GAP + column.cells[index].rjust(_width(column))) for column in shown]
        return Content.assemble(*pieces)


def percent(share: float) -> str:
    """Return a share in percent; what is above 0 is not written as 0."""
    return "<1%" if 0 < share < 0.01 else f"{share * 100:.0f}%"


def _in_room(texts: Sequence[str], width: int) -> str:
    """Return the first of the texts that fits; the beginning of the last if none does."""
    return next((text for text in texts if cell_len(text) <= width), fit(texts[-1], width))


def _width(column: Column) -> int:
    return max(map(len, [column.heading, *column.cells]))
