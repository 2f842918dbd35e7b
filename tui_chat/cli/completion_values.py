"""Shell completion for the value of a setting: the words that the setting before it takes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from tui_chat.records import dataclass
from tui_chat.settings.setting_index import Setting

FUNCTION = "_tui_chat_values"


@dataclass(frozen=True, slots=True)
class Shell:
    """The form of a function that completes, in a shell."""

    call: str
    """The function's name where it is to complete something."""
    begin: str
    case: str
    """The branch for the settings that take the same words."""
    between: str
    """The separator of a case's keys."""
    end: str

    def function(self, settings: Iterable[Setting]) -> str:
        """Return the function."""
        takers: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
        for setting in settings:
            takers[setting.choices].append(setting.key)
        cases = [
            self.case.format(keys=self.between.join(keys), words=" ".join(words))
            for words, keys in takers.items()
            if words
        ]
        return "".join([self.begin, *cases, self.end])


SHELLS: Mapping[str, Shell] = {
    "bash": Shell(
        FUNCTION,
        FUNCTION
        + """() {
  local word words=
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in
""",
        "      {keys}) words='{words}' ;;\n",
        "|",
        """    esac
  done
  compgen -W "$words" -- "$1"
}
""",
    ),
    "zsh": Shell(
        FUNCTION,
        FUNCTION
        + """() {
  local word
  for word in $words; do
    case $word in
""",
        '      ({keys}) compadd "$@" -- {words} ;;\n',
        "|",
        """    esac
  done
}
""",
    ),
    "fish": Shell(
        f"({FUNCTION})",
        f"function {FUNCTION}"
        + """
  for word in (commandline -opc)
    switch $word
""",
        "      case {keys}\n        string split ' ' -- '{words}'\n",
        " ",
        """    end
  end
end
""",
    ),
}


def completer(settings: Iterable[Setting]) -> dict[str, object]:
    """Return the `complete` of an argument, for every shell, as shtab takes it."""
    settings = tuple(settings)
    functions = {name: shell.function(settings) for name, shell in SHELLS.items()}
    return {"preamble": functions, **{name: shell.call for name, shell in SHELLS.items()}}


def asking(kind: str) -> dict[str, object]:
    """Return the `complete` of an argument whose words the program is asked for when they are wanted."""
    name = f"_tui_chat_{kind}"
    words = f"tui-chat completion --words {kind} 2>/dev/null"
    functions = {
        "bash": f'{name}() {{\n  compgen -W "$({words})" -- "$1"\n}}\n',
        "zsh": f'{name}() {{\n  compadd "$@" -- ${{(f)"$({words})"}}\n}}\n',
        "fish": f"function {name}\n  {words}\nend\n",
    }
    return {"preamble": functions, "bash": name, "zsh": name, "fish": f"({name})"}


def asking_for_list(kind: str) -> dict[str, object]:
    """Return the same for an argument that is a list of such words with commas: the last of them is completed."""
    name = f"_tui_chat_list_of_{kind}"
    words = f"tui-chat completion --words {kind} 2>/dev/null"
    functions = {
        "bash": (
            f'{name}() {{\n  local before=; [[ $1 == *,* ]] && before="${{1%,*}},"\n'
            f'  compgen -P "$before" -W "$({words})" -- "${{1##*,}}"\n}}\n'
        ),
        "zsh": f'{name}() {{\n  compset -P "*,"\n  compadd "$@" -- ${{(f)"$({words})"}}\n}}\n',
        "fish": (
            f"function {name}\n  set -l before (string match -r '^.*,' -- (commandline -ct))\n"
            f'  for word in ({words})\n    echo "$before$word"\n  end\nend\n'
        ),
    }
    return {"preamble": functions, "bash": name, "zsh": name, "fish": f"({name})"}
