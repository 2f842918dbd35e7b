"""Part of the build: the README as the package page shows it, which has no files of the repository beside it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

LINK = re.compile(
    r"(?P<picture>!?)\[(?P<text>(?:!\[[^\]]*\]\([^)]*\)|[^\[\]])*)\]\((?!https?:|#|mailto:)(?P<path>[^)\s]+)\)"
)
"""A link, or a picture, that leads into the repository; a picture may be the text of a link."""


class AbsoluteReadme(MetadataHookInterface):
    """Makes the links and pictures of the README absolute."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Put the README into the metadata."""
        text = (Path(self.root) / "README.md").read_text(encoding="utf-8")
        repository = metadata["urls"]["Repository"]
        metadata["readme"] = {"content-type": "text/markdown", "text": absolute(text, repository)}


def absolute(text: str, repository: str) -> str:
    """Return a Markdown text whose links and pictures lead to the repository."""

    def lead(found: re.Match[str]) -> str:
        kind = "raw" if found["picture"] else "blob"
        return f"{found['picture']}[{absolute(found['text'], repository)}]({repository}/{kind}/main/{found['path']})"

    return LINK.sub(lead, text)
