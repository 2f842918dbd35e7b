"""Input from a terminal: never an exception, a paste is a paste, and keys are what Textual says they are."""

from __future__ import annotations

import codecs
import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual import constants, events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.driver import Driver
from textual.drivers.headless_driver import HeadlessDriver
from textual.drivers.linux_driver import LinuxDriver
from textual.drivers.web_driver import WebDriver
from textual.message import Message

from tui_chat.ui.terminal.burst import GAP_S
from tui_chat.ui.terminal.ground import GroundTold
from tui_chat.ui.terminal.paste import PATIENCE_S
from tui_chat.ui.terminal.pictures import TerminalNamed
from tui_chat.ui.textual_internals.browser_driver import BrowserDriver
from tui_chat.ui.textual_internals.driver import TerminalDriver
from tui_chat.ui.textual_internals.drivers import guarded
from tui_chat.ui.textual_internals.input_parser import SEQUENCE_S, TerminalParser
from tui_chat.ui.textual_internals.key_reader import TERMINAL_GONE

START, END = "\x1b[200~", "\x1b[201~"
AT_ONCE_S = GAP_S / 10
BY_HAND_S = 0.03  # a held key, or a very fast typist


class Terminal:
    """A parser with a clock of its own, and what came of all that it was given."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.messages: list[Message] = []
        self._parser = TerminalParser(clock=lambda: self.now)

    def send(self, text: str) -> None:
        """The text comes in one read."""
        self.messages += self._parser.feed(text)
        self.messages += self._parser.tick()

    def split_alt(self) -> None:
        """Esc and a character behind it are two keys from now on."""
        self._parser.splits_alt = True

    def pause(self, seconds: float) -> None:
        """Nothing comes for so long; the driver looks when the parser said it should."""
        end = self.now + seconds
        while self.now < end:
            self.now = min(end, self.now + max(self._parser.wait_s, 1e-6))
            self.messages += self._parser.tick()

    def settle(self) -> list[Message]:
        """Return everything, after a long pause."""
        self.pause(60)
        return self.messages

    @property
    def seen(self) -> list[str | tuple[str, str | None]]:
        """Each paste's text, each key's name and character; other messages by their names."""
        return [_seen(message) for message in self.messages]


def _seen(message: Message) -> str | tuple[str, str | None]:
    match message:
        case events.Key():
            return message.key, message.character
        case events.Paste():
            return message.text
    return type(message).__name__


def seen(*reads: str, apart_s: float = AT_ONCE_S) -> list[str | tuple[str, str | None]]:
    terminal = Terminal()
    for read in reads:
        terminal.send(read)
        terminal.pause(apart_s)
    terminal.settle()
    return terminal.seen


def keys(*reads: str, apart_s: float = AT_ONCE_S) -> list[str]:
    return [item if isinstance(item, str) else item[0] for item in seen(*reads, apart_s=apart_s)]


def typed(text: str) -> list[str | tuple[str, str | None]]:
    """Return what Textual's own parser makes of a text or one sequence that nothing follows."""
    parser = XTermParser()
    return [_seen(message) for message in [*parser.feed(text), *parser.feed("")]]


def cut(text: str, places: Iterable[int]) -> list[str]:
    """Return the text in pieces."""
    edges = [0, *sorted({place % (len(text) + 1) for place in places}), len(text)]
    return [text[start:end] for start, end in pairwise(edges)]


# What looks like a sequence, so that chance finds more than plain text.
FRAGMENTS = st.sampled_from(
    "ESC ESC[ ESCO ESC[200~ ESC[201~ ESC[13;2:1u ESC[27;2;13~ ESC[<0;1; ESC[48;0;0;0;0t ESC[M ESC[?2026;2$y ESC]11; "
    "BEL CR LF ; : 1 999999999999 u ~ M t R".replace("ESC", "\x1b")
    .replace("BEL", "\x07")
    .replace("CR", "\r")
    .replace("LF", "\n")
    .split(" ")
)
at_any_pace = settings(deadline=None)
CUTS = st.lists(st.integers(0, 10_000), max_size=8)


@at_any_pace
@given(st.binary(max_size=200), CUTS, st.sampled_from([AT_ONCE_S, BY_HAND_S, SEQUENCE_S * 2]))
def test_no_bytes_raise_however_they_are_cut(data: bytes, places: Sequence[int], apart_s: float) -> None:
    decode = codecs.getincrementaldecoder("utf-8")("replace").decode
    pieces = cut(data.decode("latin-1"), places)
    seen(*[decode(piece.encode("latin-1")) for piece in pieces], apart_s=apart_s)


@at_any_pace
@given(st.lists(FRAGMENTS | st.text(max_size=5), max_size=30).map("".join), CUTS)
def test_nothing_like_a_sequence_raises_and_keys_still_work_after_it(text: str, places: Sequence[int]) -> None:
    terminal = Terminal()
    for piece in cut(text, places):
        terminal.send(piece)
        terminal.pause(AT_ONCE_S)
    terminal.settle()
    before = len(terminal.messages)
    terminal.send("x")
    assert terminal.seen[before:] == [("x", "x")]


@at_any_pace
@given(st.text(st.characters(exclude_characters="\r\x1b"), min_size=1))
def test_typed_text_is_what_textual_makes_of_it(text: str) -> None:
    assert seen(text) == typed(text)


KNOWN = [
    *(sequence for sequence in ANSI_SEQUENCES_KEYS if sequence.startswith("\x1b") and sequence != "\x1bOM"),
    *("\x1b[13u", "\x1b[13;2u", "\x1b[13;5u", "\x1b[13;3u", "\x1b[106;5u", "\x1b[97;;97u", "\x1b[97;2;65u", "\x1b[27u"),
    *("\x1b[57414u", "\x1b[99;5u", "\x1b[1;2A", "\x1b[27;2;65~", "\x1b[27;1;97~", "\x1ba", "\x1bA", "\x1b[", "\x1bO"),
    *("\x1b[<0;3;4M", "\x1b[<0;3;4m", "\x1b[<35;3;4M", "\x1b[<64;3;4M", "\x1b[M !!", "\x1b[I", "\x1b[O", "\x1b[3;4R"),
    *("\x1b[?2026;2$y", "\x1b[?2048;2$y", "\x1b[48;24;80;480;800t"),
]


def test_a_sequence_that_textual_knows_means_the_same() -> None:
    meant = {sequence: [_name(item) for item in typed(sequence)] for sequence in KNOWN}
    meant["\x1b\x1b"] = ["escape", "escape"]
    assert {sequence: keys(sequence) for sequence in KNOWN} == meant
    assert {sequence: keys(*sequence) for sequence in KNOWN} == meant, "one character a read"
    assert {sequence: keys(f"a{sequence}")[1:] for sequence in KNOWN} == meant


def _name(item: str | tuple[str, str | None]) -> str:
    return item if isinstance(item, str) else item[0]


@at_any_pace
@given(
    st.lists(st.sampled_from([s for s in KNOWN if s[-1:] in "~uAMmRt" and len(s) > 3]) | st.text("abé 字", min_size=1))
)
def test_keys_one_right_after_the_other_are_told_apart(pieces: list[str]) -> None:
    assert keys("".join(pieces)) == [_name(item) for piece in pieces for item in typed(piece)]


@pytest.mark.parametrize(
    ("sequence", "key"),
    [
        ("\x1b[13;2u", "shift+enter"),
        ("\x1b[13;2:1u", "shift+enter"),
        ("\x1b[13;2:2u", "shift+enter"),
        ("\x1b[13;130u", "shift+enter"),  # Num Lock is on
        ("\x1b[57414;2u", "shift+enter"),
        ("\x1b[27;2;13~", "shift+enter"),
        ("\x1b\r", "shift+enter"),
        ("\x1bOM", "shift+enter"),
        ("\x1b[13;5:1u", "ctrl+enter"),
        ("\x1b[27;5;13~", "ctrl+enter"),
        ("\x1b[27;6;13~", "ctrl+shift+enter"),
        ("\x1b[27;3;13~", "alt+enter"),
        ("\n", "ctrl+j"),
        ("\x1b[106;5u", "ctrl+j"),
        ("\x1b[106:74;5:1u", "ctrl+j"),
        ("\x1b[27;5;106~", "ctrl+j"),
        ("\x1b[27;6;65~", "ctrl+shift+a"),
        ("\x1b[27;5;9~", "ctrl+tab"),
        ("\x1b[27;3;97~", "alt+a"),
        ("\x1b[1;2:1A", "shift+up"),
        ("\x1b[3;5:2~", "ctrl+delete"),
        ("\x1b[13;1:1u", "enter"),
    ],
)
def test_a_key_has_one_name_in_every_keyboard_protocol(sequence: str, key: str) -> None:
    assert keys(sequence) == [key]


@pytest.mark.parametrize(
    ("sequence", "character"), [("\x1b[97:65;2:1;65u", "A"), ("\x1b[27;2;65~", "A"), ("\x1b[27;2;32~", " ")]
)
def test_what_types_a_character_still_does(sequence: str, character: str) -> None:
    assert [item[1] for item in seen(sequence)] == [character]


@pytest.mark.parametrize("sequence", ["\x1b[27;5;98~", "\x1b[27;3;98~"])
def test_a_letter_with_ctrl_or_alt_is_not_typed(sequence: str) -> None:
    assert seen(sequence)[0][1] is None


@pytest.mark.parametrize("sequence", ["\x1b[13;1:3u", "\x1b[97;1:3;97u", "\x1b[1;1:3A", "\x1b[3;1:3~"])
def test_letting_a_key_go_is_no_key(sequence: str) -> None:
    assert keys(sequence) == []


@pytest.mark.parametrize(
    "sequence",
    [
        "\x1b[99;99X",
        "\x1b[?62;4c",
        "\x1b[31m",
        "\x1bOz",
        "\x1b[999999999999u",
        "\x1b[97;;1114112u",
        "\x1b]10;rgb:1e1e/1e1e/1e1e\x07",
        "\x1b]11;?\x1b\\",
        "\x1bP1+r544e\x1b\\",
        f"\x1b[{'1' * 60}A",
    ],
)
def test_a_sequence_that_nobody_knows_types_nothing(sequence: str) -> None:
    assert keys(f"a{sequence}b") == ["a", "b"]


@pytest.mark.parametrize(
    ("answer", "light"),
    [
        ("rgb:ffff/ffff/ffff", True),
        ("rgb:1e1e/1e1e/1e1e", False),
        ("rgb:fd/f6/e3", True),
        ("rgba:0000/0000/8000/ffff", False),
    ],
)
@pytest.mark.parametrize("end", ["\x07", "\x1b\\"])
def test_the_ground_is_told_however_the_answer_is_cut_up(answer: str, light: bool, end: str) -> None:
    whole = f"a\x1b]11;{answer}{end}b"
    for cut in (cut for cut in range(len(whole)) if whole[:cut] != "a\x1b]"):  # that is a key with Alt
        parser = TerminalParser()
        told = [message for part in (whole[:cut], whole[cut:]) for message in parser.feed(part)]
        assert [message.light for message in told if isinstance(message, GroundTold)] == [light], cut
        assert [message.key for message in told if isinstance(message, events.Key)] == ["a", "b"], cut


@pytest.mark.parametrize("end", ["\x07", "\x1b\\"])
def test_the_name_is_told_however_the_answer_is_cut_up(end: str) -> None:
    whole = f"a\x1bP>|kitty(0.41.1){end}b"
    for cut in (cut for cut in range(len(whole)) if whole[:cut] != "a\x1bP"):  # that is a key with Alt
        parser = TerminalParser()
        told = [message for part in (whole[:cut], whole[cut:]) for message in parser.feed(part)]
        assert [message.draws_pictures for message in told if isinstance(message, TerminalNamed)] == [True], cut
        assert [message.key for message in told if isinstance(message, events.Key)] == ["a", "b"], cut


def test_the_mouse_survives_a_screen_without_a_size() -> None:
    resized = "\x1b[48;0;0;0;0t"
    assert keys(f"{resized}\x1b[<0;3;4Mx\x1b[48;24;80;480;800t\x1b[<0;3;4M") == ["Resize", "x", "Resize", "MouseDown"]


def test_a_lone_esc_is_known_after_its_delay_and_not_later() -> None:
    terminal = Terminal()
    terminal.send("\x1b")
    terminal.pause(constants.ESCAPE_DELAY * 0.9)
    assert terminal.seen == []
    terminal.pause(constants.ESCAPE_DELAY * 0.2)
    assert terminal.seen == [("escape", "\x1b")]


def test_a_sequence_on_a_slow_line_is_not_torn() -> None:
    assert keys("\x1b[", "1;2", "A", apart_s=SEQUENCE_S / 2) == ["shift+up"]


HOSTILE_PASTE = f"{START}a\nb\x1b[31mc\r\nd\re\x1b{START}\x07\x9b\t\x1b[20{END}"
PASTED = "a\nb[31mc\nd\ne[200~\t[20"


def test_a_paste_is_one_event_whatever_it_holds() -> None:
    assert seen(f"x{HOSTILE_PASTE}y") == [("x", "x"), PASTED, ("y", "y")]


@at_any_pace
@given(CUTS)
def test_a_paste_is_one_event_however_it_is_cut(places: Sequence[int]) -> None:
    assert seen(*cut(f"x{HOSTILE_PASTE}y", places)) == [("x", "x"), PASTED, ("y", "y")]


@at_any_pace
@given(CUTS)
def test_a_paste_is_one_event_however_slowly_it_comes(places: Sequence[int]) -> None:
    content = HOSTILE_PASTE.removeprefix("\x1b")
    assert seen("x\x1b[", *cut(content.removeprefix("["), places), "y", apart_s=SEQUENCE_S / 2) == [
        ("x", "x"),
        PASTED,
        ("y", "y"),
    ]


@at_any_pace
@given(st.text(), CUTS)
def test_a_paste_keeps_everything_but_control_characters(text: str, places: Sequence[int]) -> None:
    content = text.replace(END, "").removesuffix("\x1b")
    expected = content.replace("\r\n", "\n").replace("\r", "\n")
    expected = "".join(char for char in expected if char in "\n\t" or not (char < " " or "\x7f" <= char <= "\x9f"))
    assert seen(*cut(f"{START}{content}{END}", places)) == [expected]


def test_a_paste_of_one_character_a_read_is_one_event() -> None:
    assert seen(*HOSTILE_PASTE) == [PASTED]


def test_a_large_paste_is_one_event_that_is_whole() -> None:
    text = f"{'x' * 79}\r" * 13_000
    data = f"{START}{text}{END}"
    reads = [data[at : at + 4095] for at in range(0, len(data), 4095)]
    assert seen(*reads) == [text.replace("\r", "\n")]
    assert seen(*reads[0:1], *[text[at : at + 4095] for at in range(4089, len(text), 4095)], END) == seen(*reads)


def test_enter_right_after_a_paste_sends() -> None:
    assert seen(f"{START}a\rb{END}\r") == ["a\nb", ("enter", "\r")]
    assert seen("a\rb", f"{START}c{END}\r") == ["a\nb", "c", ("enter", "\r")]


def test_an_empty_paste_is_one_too() -> None:
    assert seen(f"{START}{END}a") == ["", ("a", "a")]


def test_a_paste_that_never_ends_is_given_up_after_a_pause() -> None:
    terminal = Terminal()
    terminal.send(f"{START}abc\rdef")
    terminal.pause(PATIENCE_S / 2)
    assert terminal.seen == []
    terminal.pause(PATIENCE_S)
    terminal.send("x")
    terminal.pause(BY_HAND_S)
    assert terminal.seen == ["abc\ndef", ("x", "x")]


def test_fingers_do_not_keep_a_paste_alive_that_never_ends() -> None:
    terminal = Terminal()
    terminal.send(f"{START}abc")
    for _ in range(100):
        terminal.pause(0.1)
        terminal.send("x")
    assert terminal.seen[0] != ("x", "x")
    assert ("x", "x") in terminal.seen[1:50]
    assert isinstance(terminal.seen[0], str)
    assert len(terminal.seen[0]) < 40


def test_a_long_paste_on_a_slow_line_is_not_given_up() -> None:
    reads = [START, *("line of text\r" for _ in range(100)), END]
    assert seen(*reads, apart_s=0.3) == ["line of text\n" * 100]


def test_the_end_of_a_paste_that_was_given_up_sends_nothing() -> None:
    terminal = Terminal()
    terminal.send(f"{START}one\r")
    terminal.pause(PATIENCE_S * 2)
    terminal.send(f"two\r{END}")
    terminal.settle()
    assert terminal.seen == ["one\n", ("t", "t"), ("w", "w"), ("o", "o"), "\n"]


@pytest.mark.parametrize(
    "reads", [["hello\r"], ["hello", "\r"], [*"hello\r"], ["hel", "lo\r"], ["hello \r"], ["hello\x1b[31m\r"]]
)
def test_a_line_and_its_enter_in_one_go_are_sent(reads: list[str]) -> None:
    assert keys(*reads)[-1] == "enter"
    assert not any(isinstance(item, str) for item in seen(*reads))


@pytest.mark.parametrize(
    ("reads", "expected"),
    [
        (["one\rtwo"], ["one\ntwo"]),
        (["one\rtwo\r"], ["one\ntwo\n"]),
        (["one\r\rtwo\r\r"], ["one\n\ntwo\n\n"]),
        (["\rone"], ["\none"]),
        (["one\r", "two\r"], ["o", "n", "e", "\ntwo\n"]),
        ([*"one\rtwo\r"], ["o", "n", "e", "\ntwo\n"]),
        (["one\rtwo", "\rthree\r"], ["one\ntwo\nthree\n"]),
        (["a\rb\x1b[31mc\r\x1b[0md\r"], ["a\nbc\nd\n"]),
        (["if x:\r\tpass\r"], ["if x:\n\tpass\n"]),
        (["one\r", "\x1b[<35;3;4M", "two\r"], ["o", "n", "e", "MouseMove", "\ntwo\n"]),
    ],
)
def test_an_enter_with_text_right_behind_it_was_pasted(reads: list[str], expected: list[str]) -> None:
    assert keys(*reads) == expected


def test_lines_typed_by_hand_are_sent_each() -> None:
    assert keys(*"ab\rcd\r", apart_s=BY_HAND_S) == ["a", "b", "enter", "c", "d", "enter"]


def test_enter_pressed_by_hand_does_not_wait() -> None:
    terminal = Terminal()
    terminal.send("a")
    terminal.pause(BY_HAND_S)
    terminal.send("\r")
    assert terminal.seen[-1] == ("enter", "\r")


def test_a_held_enter_and_keys_after_it_are_keys() -> None:
    assert keys("hello\r\x1b[A") == [*"hello", "enter", "up"]
    assert keys("hello\r\x03") == [*"hello", "enter", "ctrl+c"]
    assert keys("one\ntwo\r") == [*"one", "ctrl+j", *"two", "enter"]
    assert keys("\r\r\r") == ["enter"] * 3


@pytest.mark.parametrize("usual", [HeadlessDriver, TerminalDriver, BrowserDriver])
def test_other_drivers_are_left_as_they_are(usual: type[Driver]) -> None:
    assert guarded(usual) is usual


def test_the_drivers_of_linux_and_macos_are_guarded() -> None:
    assert guarded(LinuxDriver) is TerminalDriver


def test_the_driver_for_browsers_is_ours() -> None:
    assert guarded(WebDriver) is BrowserDriver


class FakeApp:
    """As much of an app as a driver's input thread sees."""

    def __init__(self) -> None:
        self.ended_with: list[object] = []

    def call_later(self, _callback: object, *, return_code: int) -> None:
        self.ended_with.append(return_code)

    def exit(self) -> None:
        """The app's own."""


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    read, write = os.pipe()
    yield read, write
    for descriptor in (read, write):
        try:
            os.close(descriptor)
        except OSError:
            continue  # the test has closed it


def test_the_input_thread_survives_any_bytes_and_ends_the_app_with_the_terminal(pipe: tuple[int, int]) -> None:
    app = FakeApp()
    driver = TerminalDriver.__new__(TerminalDriver)  # its constructor would take over this process's terminal
    received: list[Message] = []
    for name, value in {
        "_app": cast("App[None]", app),
        "parser": TerminalParser(),
        "fileno": pipe[0],
        "exit_event": threading.Event(),
        "process_message": received.append,
    }.items():
        setattr(driver, name, value)
    os.write(pipe[1], b"\xff\xfea\xe9b\x1b[13;2:1u\xf0\x9f\x98\x80")
    os.close(pipe[1])
    driver.run_input_thread()
    assert [message.key for message in received if isinstance(message, events.Key)][-1] == "grinning_face"
    assert [_seen(message) for message in received][:6] == [
        *[("replacement_character", "\ufffd")] * 2,
        ("a", "a"),
        ("replacement_character", "\ufffd"),
        ("b", "b"),
        ("shift+enter", None),
    ]
    assert app.ended_with == [TERMINAL_GONE]


@pytest.mark.parametrize(("sent", "keys"), [("\x1bb", ["escape", "b"]), ("\x1b$", ["escape", "dollar_sign"])])
def test_an_esc_is_told_from_the_character_behind_it_where_that_is_wanted(sent: str, keys: list[str]) -> None:
    terminal = Terminal()
    terminal.split_alt()
    terminal.send(sent)
    assert [message.key for message in terminal.settle() if isinstance(message, events.Key)] == keys


def test_an_esc_and_the_beginning_of_a_sequence_are_two_keys_too_if_nothing_follows() -> None:
    terminal = Terminal()
    terminal.split_alt()
    for text in ("\x1b", "O"):
        terminal.send(text)
        terminal.pause(BY_HAND_S)
    keys = [message for message in terminal.settle() if isinstance(message, events.Key)]
    assert [key.character or key.key for key in keys] == ["\x1b", "O"]


def test_a_key_that_is_a_sequence_stays_one_where_alt_is_split() -> None:
    terminal = Terminal()
    terminal.split_alt()
    terminal.send("\x1b[A\x1bOP")
    assert [message.key for message in terminal.settle() if isinstance(message, events.Key)] == ["up", "f1"]
