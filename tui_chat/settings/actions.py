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
            "Break the line; so does a backslash before Enter",
            Where.COMPOSER,
        ),
        Action("stop", "escape", "Stop the reply that is coming"),
        Action("cancel", "ctrl+c", "Copy the selection, cancel the reply, clear the composer, or quit"),
        Action("toggle_mode", "ctrl+t,f9", "Switch between stream and batch"),
        Action("retry", "f5", "Regenerate the reply, or try a failed one again"),
        Action("continue_reply", "f8", "Let a stopped, failed or cut reply go on"),
        Action("compact", "shift+f8", "Summarize earlier messages, and send the summary in their place"),
        Action("new_conversation", "ctrl+n,f7", "Start a new conversation"),
        Action("conversations", "ctrl+o", "Search, open, rename, delete, pin, tag or archive conversations"),
        Action("temporary_conversation", "shift+f7", "Start a conversation of which nothing is kept, or leave it"),
        Action("next_conversation", "f6,ctrl+pagedown", "Go to the next conversation"),
        Action("previous_conversation", "shift+f6,ctrl+pageup", "Go to the conversation before"),
        Action("choose_model", "ctrl+l", "Choose a model for this conversation, or for all new ones"),
        Action("find", "ctrl+f", "Find in this conversation"),
        Action("search_prompts", "ctrl+r", "Search your earlier prompts"),
        Action("earlier_prompt", "up", "On the first line: queued prompts, then earlier ones", Where.COMPOSER),
        Action("later_prompt", "down", "On the last line: come back from earlier prompts", Where.COMPOSER),
        Action("edit_in_editor", "ctrl+g", "Edit the prompt in your editor"),
        Action("unfold_pastes", "f10", "Show a folded paste", Where.COMPOSER),
        Action("copy_reply", "f4", "Copy the last reply"),
        Action("quote", "ctrl+b", "Quote what is selected, or the last reply, in the composer"),
        Action("settings", "f2", "Change the settings"),
        Action("statistics", "f3", "Show the statistics"),
        Action("what_is_sent", "shift+f4", "Show what goes with the next request, and leave exchanges out"),
        Action("answer_call", "shift+f9", "Answer whether a tool may run"),
        Action("help", "f1,ctrl+underscore,ctrl+slash", "Show the help"),
        Action("palette", "ctrl+p", "Everything, by name"),
        Action("quit", "ctrl+q", "Quit"),
        Action("scroll_up", "pageup", "Scroll the messages up"),
        Action("scroll_down", "pagedown", "Scroll the messages down"),
        Action("scroll_home", "ctrl+home", "Go to the first message"),
        Action("scroll_end", "ctrl+end", "Go to the end and follow it"),
        Action("focus_messages", "tab", "Go into the messages", Where.COMPOSER),
        Action("focus_composer", "tab", "Go back to the composer", Where.MESSAGES),
        Action("previous_message", "up,k", "Choose the message before", Where.MESSAGES),
        Action("next_message", "down,j", "Choose the next message", Where.MESSAGES),
        Action("copy_message", "c", "Copy the message", Where.MESSAGES),
        Action("quote_message", "q", "Quote it, or what is selected, in the composer", Where.MESSAGES),
        Action("copy_code", "b", "Copy its code block; again: the next one", Where.MESSAGES),
        Action("edit_message", "e", "Edit it into a new branch", Where.MESSAGES),
        Action("edit_reply", "E", "Rewrite a reply; the one it was stays as a branch", Where.MESSAGES),
        Action("delete_message", "d,delete", "Delete it; later messages stay", Where.MESSAGES),
        Action("undelete_message", "u", "Bring back the message deleted last", Where.MESSAGES),
        Action("regenerate", "r", "Regenerate it", Where.MESSAGES),
        Action("continue_message", "full_stop", "Let it go on", Where.MESSAGES),
        Action("previous_branch", "left", "Go to the branch before", Where.MESSAGES),
        Action("next_branch", "right", "Go to the next branch", Where.MESSAGES),
        Action("select_text", "v", "Select text with the keys", Where.MESSAGES),
        Action("wrap_code", "w", "Wrap its code, or no longer", Where.MESSAGES),
        Action("code_left", "less_than_sign", "Scroll code that is not wrapped back", Where.MESSAGES),
        Action("code_right", "greater_than_sign", "Scroll code that is not wrapped to its ends", Where.MESSAGES),
        Action("fork", "f", "Fork the conversation from here", Where.MESSAGES),
        Action("bookmark", "m", "Give it a bookmark, or take that away", Where.MESSAGES),
        Action("open_source", "o", "Open a source that it cites", Where.MESSAGES),
        Action("leave_out", "x", "Leave its exchange out of what is sent, or take it in again", Where.MESSAGES),
        Action("fold", "enter", "Fold or unfold it", Where.MESSAGES),
        Action("side_by_side", "S", "Show its versions side by side, or no longer", Where.MESSAGES),
        Action("choose_reply", "enter", "Go on with this reply alone", Where.COLUMNS),
        Action("previous_column", "left,h", "Go to the column before", Where.COLUMNS),
        Action("next_column", "right,l", "Go to the next column", Where.COLUMNS),
        Action("zoom_column", "z", "Show this column at full width, or all again", Where.COLUMNS),
        Action("stop_column", "s", "Stop this reply, and no other", Where.COLUMNS),
        Action("scroll_together", "t", "Scroll all columns together, or each by itself", Where.COLUMNS),
        Action("add_column", "a", "Have one more model answer the same prompt", Where.COLUMNS),
        Action("show_differences", "D", "Show two replies with what differs marked", Where.COLUMNS),
        Action("judge", "J", "Ask a model which reply is better", Where.COLUMNS),
        Action("fold_reply", "space", "Fold or unfold it", Where.COLUMNS),
    )
}
"""The actions by their names."""
