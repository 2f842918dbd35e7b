"""The personas and templates in the chat: chosen, filled, written and edited."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from textual.screen import Screen

from tui_chat.chat.prompt import Prompt, too_long
from tui_chat.program.editor import EditorError
from tui_chat.program.prompt_files import About, PromptFiles
from tui_chat.records import dataclass
from tui_chat.settings import PERSONAS, TEMPLATES, SettingsError, Template, read_template
from tui_chat.settings.markdown_files import MarkdownFiles
from tui_chat.text import clean_line
from tui_chat.ui.chat.actions_now import Run
from tui_chat.ui.chat.session import ConversationSession
from tui_chat.ui.composer.composer import Composer
from tui_chat.ui.composer.editor import edit_outside

NO_PERSONA = "none"
SHOWN_S = 5.0


@dataclass(frozen=True, slots=True)
class NamedPromptCommand:
    """Something that can be done with a persona or a template."""

    what: str
    """The kind of file, and what is done with it where it is not used."""
    name: str
    """The file's name; "" where there is none yet."""
    about: str
    run: Run


class NamedPrompts:
    """Does what can be done with them, on a screen that has a composer."""

    def __init__(self, screen: Screen[Any], session: ConversationSession) -> None:
        self._screen = screen
        self._session = session
        self._program = session.program

    def commands(self, about: About, *, in_place: bool = False) -> Iterator[NamedPromptCommand]:
        """Yield what can be done now; a template goes to the composer, `in_place` of what is written there."""
        for name in TEMPLATES.names(self._folder):
            use = partial(self.use_template, name, in_place=in_place)
            yield NamedPromptCommand("template", name, about.get(("template", name), ""), use)
        for name in PERSONAS.names(self._folder):
            choose = partial(self.choose_persona, name)
            yield NamedPromptCommand("persona", name, about.get(("persona", name), ""), choose)
        if persona := self._session.parts.settings.now.provider.persona:
            stop = partial(self.choose_persona, "")
            yield NamedPromptCommand("persona", NO_PERSONA, f"Go on without the persona {persona}", stop)
        for files in (TEMPLATES, PERSONAS):
            for name in files.names(self._folder):
                edit = partial(self.edit, files, name)
                yield NamedPromptCommand(f"edit {files.kind}", name, f"Edit this {files.kind} in your editor", edit)
            write = partial(self.write_new, files)
            yield NamedPromptCommand(f"new {files.kind}", "", f"Write a new {files.kind} in your editor", write)

    def about(self) -> About:
        """Read the first line of each file; takes a disk's time."""
        return self._files.about()

    async def use_template(self, name: str, *, in_place: bool = False) -> None:
        """Ask for a template's fields, and put the filled prompt into the composer."""
        try:
            template = await asyncio.to_thread(read_template, self._folder, name)
        except SettingsError as error:
            self._say(error)
            return
        fill = partial(self._fill, template, in_place=in_place)
        if not template.fields:
            fill({})
            return
        from tui_chat.ui.composer.fields_form import FieldsForm

        self._screen.app.push_screen(FieldsForm(f"Template {name}", template.fields), fill)

    def _fill(self, template: Template, values: Mapping[str, str] | None, *, in_place: bool) -> None:
        composer = self._composer
        composer.focus()
        if values is None:
            return
        prompt = template.filled(values)
        if sentence := too_long(prompt):
            self._screen.notify(sentence, severity="error", markup=False)
        elif in_place:
            composer.write(prompt)
        else:
            composer.take(Prompt(prompt))

    async def choose_persona(self, name: str) -> None:
        """Let a persona reply in this conversation from now on; "" is none."""
        try:
            if name:
                self._say_problems(await asyncio.to_thread(self._files.problems, PERSONAS, name))
            self._session.choose({"provider.persona": name})
        except SettingsError as error:
            self._say(error)
        else:
            now = f"The persona {name} replies in this conversation." if name else "No persona in this conversation."
            self._screen.notify(now, timeout=SHOWN_S, markup=False)

    def edit(self, files: MarkdownFiles, name: str) -> None:
        """Have a file edited, and say what is wrong with it."""
        self._edit(files, name, files.path(self._folder, name))

    def _edit(self, files: MarkdownFiles, name: str, path: Path) -> None:
        try:
            edit_outside(self._screen.app, path)
            self._say_problems(self._files.problems(files, name))
        except (EditorError, SettingsError) as error:
            self._say(error)
        if not self._program.ending:
            self._program.settings.reload()

    def write_new(self, files: MarkdownFiles) -> None:
        """Ask for a name, and have a new file of that name edited; one that is there already is edited itself."""
        from tui_chat.ui.composer.name_dialog import NameDialog

        dialog = NameDialog(f"New {files.kind}", partial(files.path, self._folder))
        self._screen.app.push_screen(dialog, partial(self._write, files))

    def _write(self, files: MarkdownFiles, name: str | None) -> None:
        self._composer.focus()
        if name is None:
            return
        try:
            said = self._files.write(files, name, partial(self._edit, files, name))
        except OSError as error:
            self._say(f"{files.path(self._folder, name)} cannot be written ({error.strerror}).")
            return
        if said:
            self._screen.notify(said, markup=False)

    def _say_problems(self, problems: Sequence[str]) -> None:
        for problem in problems:
            self._screen.notify(problem, severity="warning", markup=False)

    def _say(self, error: Exception | str) -> None:
        self._screen.notify(clean_line(str(error)), severity="error", markup=False)

    @property
    def _files(self) -> PromptFiles:
        return PromptFiles(self._folder)

    @property
    def _folder(self) -> Path:
        return self._program.settings.file.path.parent

    @property
    def _composer(self) -> Composer:
        return self._screen.query_one(Composer)
