"""The actions: everything that a key does, with its name and its usual keys."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from tui_chat.records import dataclass


class Where(StrEnum):
    """The part of the screen in which an action's keys work."""

    ANYWHERE = "anywhere"
    COMPOSER = "composer"
    MESSAGES = "messages"
    COLUMNS = "columns"
    """Among messages too, where models are compared: a key does there what it does in columns."""

    def meets(self, other: Where) -> bool:
        """True if one key cannot serve in both places."""
        return self is other or Where.ANYWHERE in (self, other)


@dataclass(frozen=True, slots=True)
class Action:
    """Something that a key does."""

    name: str
    keys: str
    """The usual keys under Textual's names, with commas between them."""
    description: str
    where: Where = Where.ANYWHERE


KEYS: Mapping[str, Action] = {
    action.name: action
    for action in (
        Action("send", "enter,ctrl+enter", "Send the prompt", Where.COMPOSER),
        Action(
            "newline",
            "ctrl+j,shift+enter,alt+enter",
            "New line (so does a backslash before Enter)",
            Where.COMPOSER,
        ),
        Action("stop", "escape", "Stop the reply"),
        Action("cancel", "ctrl+c", "Copy the selection, cancel the reply, clear the composer, or quit"),
        Action("toggle_mode", "ctrl+t,f9", "Switch between stream and batch"),
        Action("retry", "f5", "Regenerate the reply, or retry a failed one"),
        Action("continue_reply", "f8", "Continue a stopped, failed or cut reply"),
        Action("compact", "shift+f8", "Summarize earlier messages and send the summary instead"),
        Action("new_conversation", "ctrl+n,f7", "Start a new conversation"),
        Action("conversations", "ctrl+o", "Search, open, rename, delete, pin, tag or archive conversations"),
        Action("temporary_conversation", "shift+f7", "Start a temporary conversation, or leave it"),
        Action("next_conversation", "f6,ctrl+pagedown", "Next conversation"),
        Action("previous_conversation", "shift+f6,ctrl+pageup", "Previous conversation"),
        Action("choose_model", "ctrl+l", "Choose a model for this conversation or for new ones"),
        Action("enter_key", "shift+f2", "Enter an API key"),
        Action("use_local_model", "shift+f5", "Use a small model on this machine"),
        Action("find", "ctrl+f", "Find in this conversation"),
        Action("search_prompts", "ctrl+r", "Search your earlier prompts"),
        Action("earlier_prompt", "up", "On the first line: queued prompts, then earlier prompts", Where.COMPOSER),
        Action("later_prompt", "down", "On the last line: back from earlier prompts", Where.COMPOSER),
        Action("edit_in_editor", "ctrl+g", "Edit the prompt in your editor"),
        Action("unfold_pastes", "f10", "Show a folded paste", Where.COMPOSER),
        Action("copy_reply", "f4", "Copy the last reply"),
        Action("quote", "ctrl+b", "Quote the selection or the last reply in the composer"),
        Action("settings", "f2", "Change the settings"),
        Action("statistics", "f3", "Show the statistics"),
        Action("what_is_sent", "shift+f4", "Show what is sent next, and leave exchanges out"),
        Action("answer_call", "shift+f9", "Answer whether a tool may run"),
        Action("help", "f1,ctrl+underscore,ctrl+slash", "Show the help"),
        Action("palette", "ctrl+p", "All commands by name"),
        Action("quit", "ctrl+q", "Quit"),
        Action("scroll_up", "pageup", "Scroll the messages up"),
        Action("scroll_down", "pagedown", "Scroll the messages down"),
        Action("scroll_home", "ctrl+home", "First message"),
        Action("scroll_end", "ctrl+end", "Last message, and follow it"),
        Action("focus_messages", "tab", "Go into the messages", Where.COMPOSER),
        Action("focus_composer", "tab", "Go back to the composer", Where.MESSAGES),
        Action("previous_message", "up,k", "Previous message", Where.MESSAGES),
        Action("next_message", "down,j", "Next message", Where.MESSAGES),
        Action("copy_message", "c", "Copy the message", Where.MESSAGES),
        Action("quote_message", "q", "Quote it, or the selection, in the composer", Where.MESSAGES),
        Action("copy_code", "b", "Copy its code block; press again for the next", Where.MESSAGES),
        Action("edit_message", "e", "Edit it into a new branch", Where.MESSAGES),
        Action("edit_reply", "E", "Rewrite a reply; the original stays as a branch", Where.MESSAGES),
        Action("delete_message", "d,delete", "Delete it; later messages stay", Where.MESSAGES),
        Action("undelete_message", "u", "Restore the last deleted message", Where.MESSAGES),
        Action("regenerate", "r", "Regenerate it", Where.MESSAGES),
        Action("continue_message", "full_stop", "Continue it", Where.MESSAGES),
        Action("previous_branch", "left", "Previous branch", Where.MESSAGES),
        Action("next_branch", "right", "Next branch", Where.MESSAGES),
        Action("select_text", "v", "Select text with the keys", Where.MESSAGES),
        Action("wrap_code", "w", "Wrap or unwrap its code", Where.MESSAGES),
        Action("diagrams", "g", "Show the source of its diagrams, or draw them again", Where.MESSAGES),
        Action("code_left", "less_than_sign", "Scroll unwrapped code left", Where.MESSAGES),
        Action("code_right", "greater_than_sign", "Scroll unwrapped code right", Where.MESSAGES),
        Action("fork", "f", "Fork the conversation from here", Where.MESSAGES),
        Action("bookmark", "m", "Add or remove a bookmark", Where.MESSAGES),
        Action("open_source", "o", "Open a source that it cites", Where.MESSAGES),
        Action("leave_out", "x", "Leave its exchange out of requests, or include it again", Where.MESSAGES),
        Action("fold", "enter", "Fold or unfold it", Where.MESSAGES),
        Action("side_by_side", "S", "Show or hide its versions side by side", Where.MESSAGES),
        Action("choose_reply", "enter", "Choose this reply", Where.COLUMNS),
        Action("previous_column", "left,h", "Previous column", Where.COLUMNS),
        Action("next_column", "right,l", "Next column", Where.COLUMNS),
        Action("zoom_column", "z", "Zoom this column, or show all again", Where.COLUMNS),
        Action("stop_column", "s", "Stop this reply only", Where.COLUMNS),
        Action("scroll_together", "t", "Scroll columns together or separately", Where.COLUMNS),
        Action("add_column", "a", "Ask more models", Where.COLUMNS),
        Action("show_differences", "D", "Compare two replies, with differences marked", Where.COLUMNS),
        Action("judge", "J", "Ask a model which reply is better", Where.COLUMNS),
        Action("fold_reply", "space", "Fold or unfold it", Where.COLUMNS),
    )
}
"""The actions by their names."""
