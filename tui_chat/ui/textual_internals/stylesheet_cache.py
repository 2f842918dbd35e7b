"""The app's stylesheet, parsed once.

Textual 8.2 parses all of it anew when the app is drawn and for every screen that opens the first time.
"""

from __future__ import annotations

from textual.css.stylesheet import Stylesheet


class CachedStylesheet(Stylesheet):
    """A stylesheet that parses nothing twice."""

    def set_variables(self, variables: dict[str, str]) -> None:
        """Take other colours; what was parsed stays if they are the same as before."""
        if variables != self._variables:
            super().set_variables(variables)

    def reparse(self) -> None:
        """Parse what has not been parsed with these variables."""
        self.parse()
