"""The app: wiring only."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.command import CommandPalette
from textual.driver import Driver
from textual.filter import LineFilter
from textual.message import Message
from textual.screen import Screen, SystemModalScreen
from textual.theme import Theme
from textual.widgets import Input, TextArea

from tui_chat.chat.message import Conversation, utc_now
from tui_chat.interpreter import tune_for_app
from tui_chat.logfile import where_the_details_are
from tui_chat.program.contenders import Contender
from tui_chat.program.wiring import Program
from tui_chat.text import clean_line
from tui_chat.ui.chat.notification import WITHOUT_STRINGS, attention
from tui_chat.ui.chat.screen import ChatScreen
from tui_chat.ui.chat.session import ConversationSession
from tui_chat.ui.chat.view import ConversationView
from tui_chat.ui.look.appearance import FollowsSettings, apply_appearance, line_filters, may_blink
from tui_chat.ui.look.ascii_filter import plain_key
from tui_chat.ui.look.keys import bound
from tui_chat.ui.look.text_styles import ASCII, LIGHT_GROUND
from tui_chat.ui.look.themes import THEMES, theme_for, worn_instead
from tui_chat.ui.shared.providers import providers_in
from tui_chat.ui.terminal.ground import QUESTION, GroundTold
from tui_chat.ui.terminal.pictures import TerminalNamed
from tui_chat.ui.textual_internals.drivers import guarded
from tui_chat.ui.textual_internals.guarded_app import GuardedApp
from tui_chat.ui.textual_internals.key_queue import KeyQueue
from tui_chat.ui.textual_internals.stylesheet_cache import CachedStylesheet
from tui_chat.ui.textual_internals.worker_threads import WorkerThreads

log = logging.getLogger(__name__)

_CLOSED = "tui-chat met a fault of its own and had to close{}. What came is saved; `tui-chat --continue` opens it."
_WENT_ON = "tui-chat met a fault of its own{}. Something may be missing on the screen."

SETTINGS_INTERVAL_S = 1.0
PROBLEMS_SHOWN_S = 12.0
MOST_REPLIES = 64
"""The number of replies that may come at once; the event loop's own executor starts only a few threads."""


class DiagramDrawn(Message):
    """A diagram of a reply, on whichever screen, has been drawn."""


class TuiChatApp(GuardedApp):
    """Keyboard-driven chat with Claude."""

    TITLE = "tui-chat"
    CSS_PATH: ClassVar = [
        "chat/screen.tcss",
        "messages/messages.tcss",
        "messages/find_bar.tcss",
        "chat/selection_bar.tcss",
        "shared/line_input.tcss",
        "shared/key_bar.tcss",
        "shared/dialog.tcss",
        "palette/palette.tcss",
        "look/notices.tcss",
        "compare/columns.tcss",
    ]
    COMMANDS: ClassVar = providers_in(
        "tui_chat.ui.palette",
        {
            "palette": "ActionCommands",
            "import_commands": "ImportCommands",
            "model_commands": "ModelCommands",
            "own_commands": "OwnCommands",
            "prompt_commands": "PromptCommands",
            "server_commands": "ServerCommands",
            "theme_commands": "ThemeCommands",
        },
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("palette", "command_palette", "Palette", priority=True),
        bound("settings", "settings", "Settings", priority=True),
        bound("quit", "quit", "Quit", priority=True),
        bound("help", "help", "Help", priority=True),
    ]

    def __init__(
        self,
        program: Program,
        conversation: Conversation | None = None,
        prompt: str = "",
        now: Callable[[], datetime] = utc_now,
        *,
        at: str = "",
        temporary: bool = False,
        compared: Sequence[Contender] = (),
    ) -> None:
        """Begin with a conversation, `at` one of its messages, or at its end; with a prompt, which is sent at once.

        If models are compared, it goes to all of them.
        """
        super().__init__()
        self.program = program
        self._conversation = conversation
        self._prompt = prompt
        self._at = at
        self._temporary = temporary
        self._compared = compared
        self._now = now
        self._told: set[str] = set()
        """The problems with the settings that have been reported."""
        self._keys = KeyQueue(self, super().on_event)
        for theme in THEMES:
            self.register_theme(theme)
        apply_appearance(self, program.settings.resolved)
        self.stylesheet = CachedStylesheet(variables=self.get_css_variables())

    def get_driver_class(self) -> type[Driver]:
        """Return the platform's driver, guarded against what a terminal may send."""
        return guarded(super().get_driver_class())

    @property
    def session(self) -> ConversationSession:
        """The session of the chat, whatever screen is over it."""
        return self.chat.session

    @property
    def chat(self) -> ChatScreen:
        """The chat, whatever screen is over it; a temporary one before the other."""
        return next(screen for screen in reversed(self.screen_stack) if isinstance(screen, ChatScreen))

    def get_default_screen(self) -> ChatScreen:
        """Return the chat."""
        prompt, compared = ("", ()) if self._temporary else (self._prompt, self._compared)
        return ChatScreen(self.program, self._conversation, prompt, self._now, at=self._at, compared=compared)

    def on_mount(self) -> None:
        """Give every reply a thread at once, and the keys as the user wants them."""
        asyncio.get_running_loop().set_default_executor(WorkerThreads(MOST_REPLIES))
        tune_for_app()
        self.program.settings.on_change = self.apply_settings
        self.program.diagrams.on_drawn = lambda: self.post_message(DiagramDrawn())
        self.set_interval(SETTINGS_INTERVAL_S, self._watch_settings_file)
        self._tell_settings_problems()
        self._ask_for_ground()
        self.theme_changed_signal.subscribe(self, self._restyle_palette)
        self.program.report_problem.listen(self._tell_trouble)
        if self._temporary:
            self.call_later(self.chat.begin_temporary, self._prompt, self._compared)

    def watch_app_focus(self, focus: bool) -> None:
        """Focus a field in a screen that opened while nobody looked: it has not done so itself."""
        if focus and self.screen.focused is None and self.screen.AUTO_FOCUS:
            wanted = (widget for widget in self.screen.query(self.screen.AUTO_FOCUS) if widget.focusable)
            self.screen.set_focus(next(wanted, None))  # at once: the key that says so is to be typed there

    async def on_event(self, event: events.Event) -> None:
        """Pass keys on in order, and ignore a click on what has just gone, such as a notice: Textual would fail."""
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            self.app_focus = True  # whoever types is here, even if the terminal never says so
            await self._keys.put(event)
            return
        if isinstance(event, events.MouseDown) and not event.is_forwarded:
            widget, _offset = self.screen.get_widget_and_offset_at(event.x, event.y)
            if widget is not None and widget.parent is None:  # selecting would begin there
                return
        await super().on_event(event)

    def report_fault(self, error: Exception) -> None:
        """Close the app, and leave a sentence in the terminal."""
        log.error("the app ended in a fault of the program", exc_info=error)
        self.exit(return_code=1, message=clean_line(_CLOSED.format(where_the_details_are())))

    def report_worker_fault(self, error: BaseException) -> None:
        """Say that something may be missing."""
        log.error("work in the background ended in a fault of the program", exc_info=error)
        self._tell_trouble(_WENT_ON.format(where_the_details_are()))

    def _ask_for_ground(self) -> None:
        """Ask a terminal of sixteen colours, which are its own, for its ground; it may answer later, or never."""
        takes_strings = os.environ.get("TERM", "") not in WITHOUT_STRINGS
        if self.console.color_system == "standard" and takes_strings:
            self.write_to_terminal(QUESTION)

    @on(DiagramDrawn)
    def _show_diagrams(self) -> None:
        from tui_chat.ui.messages.streaming_message import StreamingMessage

        for screen in self.screen_stack:
            for reply in screen.query(StreamingMessage):
                reply.show_diagrams()

    @on(GroundTold)
    def _suit_ground(self, event: GroundTold) -> None:
        """Suit the ground: colours for a dark one cannot be read on a light one."""
        self.set_class(event.light, LIGHT_GROUND)
        apply_appearance(self, self.program.settings.resolved)

    @on(TerminalNamed)
    def _draw_pictures(self, event: TerminalNamed) -> None:
        """Have a terminal that can draw the pictures that are shown already."""
        from tui_chat.ui.messages.user_message import UserMessage

        if event.draws_pictures:
            for screen in self.screen_stack:
                for message in screen.query(UserMessage):
                    message.draw_pictures()

    # -- the settings, wherever they are changed

    def apply_settings(self) -> None:
        """Take up other settings: look accordingly, and let every screen take them up."""
        apply_appearance(self, self.program.settings.resolved)
        for screen in self.screen_stack:
            if isinstance(screen, FollowsSettings):
                screen.apply_settings()
        self._tell_settings_problems()

    def _watch_settings_file(self) -> None:
        """Take up what an editor, or another app, has changed in the file."""
        if self.program.settings.changed():
            self.program.settings.reload()

    def _tell_settings_problems(self) -> None:
        """Say what is wrong with the settings, each thing once."""
        sentences = [problem.message for problem in self.program.settings.resolved.problems]
        sentences += filter(None, [worn_instead(self.program.settings.resolved), self.program.models.warning()])
        new = [sentence for sentence in sentences if sentence not in self._told]
        self._told = set(sentences)
        if new:
            text = "\n".join(clean_line(sentence) for sentence in new)
            self.notify(text, title="Settings", severity="warning", timeout=PROBLEMS_SHOWN_S, markup=False)

    @on(ChatScreen.ProviderLoaded)
    @on(ConversationView.ReplyEnded)
    def _tell_what_the_sdk_knows(self) -> None:
        """Say what is known of the model in use only once its provider's SDK is there."""
        self._tell_settings_problems()

    def _tell_trouble(self, sentence: str) -> None:
        """Say what is wrong with the disk, the database or the like; called from any thread."""
        self.notify(clean_line(sentence), severity="warning", timeout=PROBLEMS_SHOWN_S, markup=False)

    def action_settings(self, key: str = "") -> None:
        """Open the settings, at one of them if need be; the same key closes them."""
        from tui_chat.ui.settings.screen import SettingsScreen

        program = self.program
        screen = partial(SettingsScreen, program.settings, program.models, program.tools, key)
        self._toggle(SettingsScreen, screen)

    async def action_quit(self) -> None:
        """Quit; a temporary conversation is not lost without a word."""
        from tui_chat.ui.chat.temporary import TemporaryChat

        if isinstance(self.chat, TemporaryChat):
            self.chat.leave_for(self.exit)
        else:
            self.exit()

    def action_command_palette(self) -> None:
        """Open the palette."""
        from tui_chat.ui.palette.palette import Palette

        if not isinstance(self.screen, CommandPalette):
            self.push_screen(Palette(id="--command-palette"))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave the key of the help to dialogs, which show more keys with it."""
        return action != "help" or not self.screen.is_modal or isinstance(self.screen, CommandPalette)

    def action_help(self) -> None:
        """Open the help; the same key closes it."""
        from tui_chat.ui.help.screen import HelpScreen

        self._toggle(HelpScreen, partial(HelpScreen, self.program.settings))

    @on(ConversationView.ReplyEnded)
    def _call_for_attention(self, event: ConversationView.ReplyEnded) -> None:
        """Tell a user who looks elsewhere that a reply is there."""
        if self.program.settings.now.ui.notify_when_done and not self.app_focus:
            self.write_to_terminal(attention(event.live.conversation.title, event.message))

    @on(CommandPalette.OptionHighlighted)
    def _preview_theme(self, event: CommandPalette.OptionHighlighted) -> None:
        """Show a theme while it is highlighted in the palette."""
        from tui_chat.ui.palette.theme_commands import theme_under

        if isinstance(self.screen, CommandPalette):  # what comes after it has closed would stay
            self.theme = theme_under(event) or theme_for(self, self.program.settings.resolved)

    def _restyle_palette(self, theme: Theme) -> None:
        """Restyle an open palette, which Textual leaves in the theme that it was opened in."""
        if isinstance(self.screen, SystemModalScreen):
            self.stylesheet.update(self.screen)

    @on(CommandPalette.Closed)
    def _end_preview(self, event: CommandPalette.Closed) -> None:
        if not event.option_selected:
            self.theme = theme_for(self, self.program.settings.resolved)

    def _toggle(self, kind: type[Screen[None]], make: Callable[[], Screen[None]]) -> None:
        if isinstance(self.screen, kind):
            self.screen.dismiss()
        elif not self.screen.is_modal:
            self.push_screen(make())

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return the filters of every line on its way to the terminal."""
        return line_filters(self, super().get_line_filters())

    def get_key_display(self, binding: Binding) -> str:
        """Return a key as it is written; without glyphs where only plain ones may be used."""
        display = super().get_key_display(binding)
        return plain_key(display) if self.has_class(ASCII) else display

    @on(events.DescendantFocus)
    def _keep_cursor_steady(self, event: events.DescendantFocus) -> None:
        """Keep the cursor from blinking where none may; the composer sees to its own."""
        if isinstance(event.widget, Input | TextArea) and not may_blink(self.program.settings.now):
            event.widget.cursor_blink = False
