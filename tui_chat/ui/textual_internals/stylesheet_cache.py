"""The app's stylesheet, which does not read again what it has read."""

from __future__ import annotations

from textual.css.stylesheet import Stylesheet


class CachedStylesheet(Stylesheet):
    """Textual's own is parsed anew, all of it, when the app is drawn and for every screen that opens the first time."""

    def set_variables(self, variables: dict[str, str]) -> None:
        """Take other colours; what was parsed stays if they are the same as before."""
        if variables != self._variables:
            super().set_variables(variables)

    def reparse(self) -> None:
        """Parse what has not been parsed with these variables."""
        self.parse()
