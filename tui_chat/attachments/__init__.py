"""Files that go with a prompt: read safely, told apart by what is in them, and made to fit what a provider takes."""

from tui_chat.attachments.content import file_part
from tui_chat.attachments.picture_size import picture_size
from tui_chat.attachments.refusal import FileRefused, too_much
from tui_chat.attachments.source import read_file

__all__ = ["FileRefused", "file_part", "picture_size", "read_file", "too_much"]
