"""Commands about the prompt that is typed next: filled from elsewhere, written in an editor, its files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from tui_chat.attachments import FileRefused, read_file
from tui_chat.chat.prompt import too_long
from tui_chat.cli.lines.command import CommandGroup, LineCommand
from tui_chat.cli.lines.line_chat import LineChat
from tui_chat.cli.lines.questions import answer, choose
from tui_chat.program.editor import EditorError, edit
from tui_chat.program.prompt_files import PromptFiles
from tui_chat.settings import PERSONAS, TEMPLATES, Field, SettingsError, read_template
from tui_chat.settings.markdown_files import MarkdownFiles
from tui_chat.text import clean_line, fit
from tui_chat.text.amounts import counted
from tui_chat.tools import NoServer, ServerPrompt
from tui_chat.typed_paths import typed_path

LONGEST_LABEL = 100
MOST_PROMPTS = 20
FILLED = "Press Enter to send it. Ctrl+C clears the line."


def search_prompts(chat: LineChat, words: str) -> None:
    """Put one of the prompts that were sent earlier into the line."""
    found = chat.program.store.prompts(MOST_PROMPTS, words)
    if not found:
        chat.terminal.say("No earlier prompts.")
        return
    labels = [(fit(clean_line(prompt), LONGEST_LABEL), prompt) for prompt in found]
    if (prompt := choose(chat.terminal, "Which prompt?", labels)) is not None:
        chat.fill(prompt)


def edit_in_editor(chat: LineChat, words: str) -> None:
    """Write a prompt in the editor; if the program ends meanwhile, it comes back at the next start."""
    begun = chat.program.store.begin_edit(chat.session.conversation.id, words, words)
    try:
        edit(begun.file)
    except EditorError as error:
        chat.terminal.say(str(error))
    else:
        _fill(chat, begun.prompt)
    begun.remove()


# -- templates, and the prompts of servers


def template(chat: LineChat, words: str) -> None:
    """Put a template into the line, its fields filled."""
    folder = chat.program.settings.folder
    name = _chosen_file(chat, TEMPLATES, words)
    if name is None:
        return
    try:
        found = read_template(folder, name)
    except SettingsError as error:
        chat.terminal.say(str(error))
        return
    if (values := _values(chat, found.fields)) is not None:
        _fill(chat, found.filled(values))


def edit_file(files: MarkdownFiles, chat: LineChat, words: str) -> None:
    """Have a template or a persona written in the editor; one that is not there yet begins with an example."""
    prompts, name = PromptFiles(chat.program.settings.folder), words or answer(chat.terminal, "Name: ")
    if not name:
        chat.terminal.say("Cancelled.")
        return
    try:
        nothing_there = prompts.write(files, name, edit)
        said = [nothing_there] if nothing_there else prompts.problems(files, name)
    except (EditorError, SettingsError) as error:
        said = [str(error)]
    except OSError as error:
        said = [f"{files.path(prompts.folder, name)} cannot be written ({error.strerror})."]
    for sentence in said or [f"The {files.kind} {name} is there."]:
        chat.terminal.say(sentence)
    chat.program.settings.reload()


def server_prompt(chat: LineChat, words: str) -> None:
    """Put a prompt of an MCP server that runs into the line, its fields filled."""
    program = chat.program
    found = chat.wait(program.tools.prompts(program.settings.now.mcp))
    named = [one for one in found if words.casefold() in f"{one.server} {one.name}".casefold()]
    if not named:
        chat.terminal.say("No MCP server that runs has such a prompt. /servers starts one.")
        return
    labels = [(clean_line(f"{one.server}, {one.name}: {one.about}").rstrip(": "), one) for one in named]
    prompt = choose(chat.terminal, "Which prompt?", labels)
    if prompt is None or (values := _values(chat, _fields(prompt))) is None:
        return
    given = {name: value for name, value in values.items() if value}
    try:
        _fill(chat, chat.wait(program.tools.prompt_text(program.settings.now.mcp, prompt, given)))
    except NoServer as problem:
        chat.terminal.say(str(problem))


def _fields(prompt: ServerPrompt) -> Sequence[Field]:
    return [Field(field.name, None if field.required else "") for field in prompt.fields]


def _values(chat: LineChat, fields: Sequence[Field]) -> Mapping[str, str] | None:
    """Ask for each field; None if one that needs a value gets none."""
    values: dict[str, str] = {}
    for field in fields:
        name = clean_line(field.name)
        if field.choices:
            value = choose(chat.terminal, f"{name}?", [(clean_line(choice), choice) for choice in field.choices])
        else:
            value = answer(chat.terminal, f"{name}: ", filled_with=field.default or "")
        if value is None or (not value and field.default is None):
            chat.terminal.say("Cancelled.")
            return None
        values[field.name] = value
    return values


def _chosen_file(chat: LineChat, files: MarkdownFiles, words: str) -> str | None:
    prompts = PromptFiles(chat.program.settings.folder)
    names = files.names(prompts.folder)
    if words in names:
        return words
    if not names:
        chat.terminal.say(f"There are no {files.kind}s yet. /edit_{files.kind} writes one.")
        return None
    labels = [(f"{clean_line(name)}: {prompts.first_line(files, name)}".rstrip(": "), name) for name in names]
    return choose(chat.terminal, f"Which {files.kind}?", labels)


def _fill(chat: LineChat, text: str) -> None:
    """Put a text into the line that is typed next."""
    if sentence := too_long(text):
        chat.terminal.say(sentence)
    elif text.strip():
        chat.fill(text)
        chat.terminal.say(FILLED)


# -- files


def attach(chat: LineChat, words: str) -> None:
    """Read a file that goes with the next prompt."""
    name = words or answer(chat.terminal, "File: ")
    if not name:
        chat.terminal.say("Cancelled.")
        return
    try:
        file = read_file(typed_path(name))
    except FileRefused as error:
        chat.terminal.say(str(error))
        return
    chat.attach([file])


def detach(chat: LineChat, _words: str) -> None:
    """Let no file go with the next prompt."""
    count = len(chat.files)
    chat.files.clear()
    chat.terminal.say(f"{counted(count, 'file')} taken away." if count else "No files are attached.")


COMMANDS = CommandGroup(
    "The next prompt",
    (
        LineCommand("search_prompts", "Search your earlier prompts", search_prompts, "WORDS", ("prompts",)),
        LineCommand("edit_in_editor", "Write the prompt in your editor", edit_in_editor, "TEXT", ("editor",)),
        LineCommand("template", "Fill a template", template, "NAME"),
        LineCommand("edit_template", "Write a template in your editor", partial(edit_file, TEMPLATES), "NAME"),
        LineCommand("edit_persona", "Write a persona in your editor", partial(edit_file, PERSONAS), "NAME"),
        LineCommand("attach", "Attach a file", attach, "FILE"),
        LineCommand("detach", "Attach no files", detach),
        LineCommand("server_prompt", "Fill a prompt of an MCP server", server_prompt, "NAME"),
    ),
)
