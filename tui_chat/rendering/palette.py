"""Colours worked out from a theme's few: blends, and as much contrast as reading takes."""

from __future__ import annotations

from tui_chat.records import dataclass

READABLE = 4.5
"""The contrast that the accessibility guidelines ask of text."""


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour as red, green and blue from 0 to 255."""

    red: float
    green: float
    blue: float

    @classmethod
    def parse(cls, text: str) -> Colour:
        """Return the colour of #rgb or #rrggbb; an alpha channel is ignored."""
        digits = text.lstrip("#")
        if len(digits) in (3, 4):
            digits = "".join(digit * 2 for digit in digits)
        return cls(int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16))

    @property
    def hex(self) -> str:
        """The colour as #rrggbb."""
        return f"#{round(self.red):02x}{round(self.green):02x}{round(self.blue):02x}"

    @property
    def luminance(self) -> float:
        """The perceived brightness, from 0 to 1."""
        linear = [
            part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
            for part in (self.red / 255, self.green / 255, self.blue / 255)
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    def towards(self, other: Colour, share: float) -> Colour:
        """Return a blend with so much of the other colour."""
        return Colour(
            self.red + (other.red - self.red) * share,
            self.green + (other.green - self.green) * share,
            self.blue + (other.blue - self.blue) * share,
        )

    def contrast(self, other: Colour) -> float:
        """Return the contrast ratio, from 1 (the same) to 21 (black and white)."""
        light, dark = sorted((self.luminance, other.luminance), reverse=True)
        return (light + 0.05) / (dark + 0.05)

    def readable_on(self, ground: Colour, contrast: float = READABLE) -> Colour:
        """Return the colour, moved towards black or white until it can be read on a background."""
        target = max(Colour(0, 0, 0), Colour(255, 255, 255), key=ground.contrast)
        shares = (step / 10 for step in range(11))
        moved = (self.towards(target, share) for share in shares)
        return next((colour for colour in moved if colour.contrast(ground) >= contrast), target)
