"""Copies of the screen of Amazon Q's or Kiro's command line, as lines that name the speakers, with calls as tags.

The person types behind ``>``, and so the agent's words may begin; each part of a call ends with a line of three dots.
"""

from __future__ import annotations

from handoff_cli.core.patterns import compiled
from handoff_cli.core.transcript import REFUSED
from handoff_cli.transcripts.conversation.marks.speakers import ASSISTANT, USER
from handoff_cli.transcripts.tagged import in_tags

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from re import Match

    from handoff_cli.transcripts.conversation.copies.given import Given

_TOOL = compiled(r"\s{0,2}(?:🛠\ufe0f?\s{1,3})?Using tool: (?P<name>[\w@/-]{1,60})(?: .{0,80})?$")
_DOTS = "⋮"
_ENDED = compiled(r"\s{0,2}● (?:Completed in|(?P<failed>Execution failed after)) [\d.]+m?s:?$")
_ASIDE = compiled(r"Command exited with status \d{1,5}$|🤖 You are chatting with ")
_RUNS = compiled(r"\s{0,2}● I will run the following (?:shell )?command:")
_PATH = compiled(
    r"\s{0,2}(?:● )?(?:Path|Reading file|Creating|Updating|Replacing|Appending to): (?P<path>[^,\n]{1,400}?)(?:, .*)?$"
)
_CHANGED = compiled(r"(?P<sign>[+-])\s{0,8}\d{1,6}(?:, \d{1,6})?:(?: (?P<line>.*))?$")
_ASKS = "Allow this action?"
_PROMPT = compiled(r"(?P<state>(?:\[[^\]]{1,40}\] )?(?:\d{1,3}% )?)> ?(?P<words>.*)$")
_PURPOSE = compiled(r"\s{0,2}↳ Purpose: .*$")
_LETS, _REFUSES = ("y", "t", "yes"), ("", "n", "no")
_WRITES, _READS = ("fs_write", "write"), ("fs_read", "read")


def is_in(texts: list[str]) -> bool:
    """Return whether a text that begins so is such a copy."""
    return any(it.strip() == _DOTS for it in texts) and any(map(_TOOL.match, texts))


def in_turns(lines: Iterable[Given]) -> Iterator[Given]:
    """Yield the lines, with who speaks before each turn, and each call with what came of it."""
    screen = _Screen()
    for number, text, begins in lines:
        for line in screen.take(text.rstrip()):
            yield number, line, begins
            begins = False  # noqa: PLW2901
    yield from ((number, line, False) for line in screen.end())


class _Screen:
    """Takes in the lines one by one and returns those that stand in their place."""

    def __init__(self) -> None:
        self._speaks = ""
        self._tool = ""
        self._is_plain = False  # whether no sign stands before what the agent says
        self._shown: list[str] = []
        self._asks = False  # whether the call at hand asks if it may be made
        self._above, self._last = "", ""  # the line above, and the last one that was said and is not empty

    def take(self, text: str) -> Iterable[str]:
        """Take in a line."""
        if found := _TOOL.match(text):
            told = (*self.end(), *self._turn(ASSISTANT))
            self._tool = found["name"]
            return told
        prompt = _PROMPT.match(text)
        if not self._tool:
            return self._said(text, prompt)
        if prompt and self._asks:
            return self._answered(prompt["words"].strip())
        self._asks = self._asks or text.startswith(_ASKS)
        self._shown.append(text)
        return self.end() if _ENDED.match(text) else ()

    def _said(self, text: str, prompt: Match[str] | None) -> Iterable[str]:
        """Return a line that somebody says: behind a prompt the agent does right after the person, or after a call."""
        awaited = self._speaks in (USER, _DONE)
        if prompt and not prompt["state"] and self._speaks == ASSISTANT and self._quotes():
            prompt = None
        self._above = text
        self._last = (prompt["words"] if prompt else text) or self._last
        if prompt:
            is_agents = awaited and not self._is_plain and not prompt["state"]
            return (*self._turn(ASSISTANT if is_agents else USER), prompt["words"])
        if _ASIDE.match(text):
            return ()
        self._is_plain = self._is_plain or (awaited and bool(text))
        return (*self._turn(ASSISTANT), text) if awaited and text else (text,)

    def _quotes(self) -> bool:
        """Return whether a line behind ``>`` is a quotation of the agent's: right below words, or led in to by some."""
        return bool(self._above) or self._last.endswith(":")

    def _answered(self, words: str) -> Iterable[str]:
        """Return what comes of the answer to whether a call may be made: what is no yes is a no, and may say more."""
        self._shown = [it for it in self._shown if not it.startswith(_ASKS)]
        self._asks = False
        if words.lower() in _LETS:
            return ()
        told = (*self.end(REFUSED), *self._turn(USER))
        return (*told, words) if words.lower() not in _REFUSES else told

    def _turn(self, role: str) -> Iterable[str]:
        begins, self._speaks = role != self._speaks, role
        return (f"<|{role}|>",) if begins else ()

    def end(self, result: str = "") -> Iterable[str]:
        """Return the call at hand with its ``result``, or what it printed where it ended."""
        name, shown, self._tool, self._shown = self._tool, self._shown, "", []
        self._asks = False
        if not name:
            return ()
        self._speaks = _DONE
        ended = _ENDED.match(shown[-1]) if shown else None
        call, printed = _call(name, shown[:-1] if ended else shown)
        if ended and ended["failed"]:
            printed.append("Exit code 1")
        return (*call, *(in_tags("tool_result", [result] if result else printed) if result or ended else ()))


_DONE = "done"
"""In the place of who speaks: a call was made, after which the agent goes on."""


def _call(name: str, lines: list[str]) -> tuple[list[str], list[str]]:
    """Return a call as tags, and what it printed: its parts end with lines of dots, what it printed comes last."""
    purpose = next((at for at, it in enumerate(lines) if _PURPOSE.match(it)), None)
    head = lines if purpose is None else lines[:purpose]
    printed = [it for it in lines[len(head) + 1 :] if it.strip() != _DOTS and not (name in _READS and _PATH.match(it))]
    runs = next((at for at, it in enumerate(head) if _RUNS.match(it)), None)
    if runs is not None:
        command = [head[runs].partition("command:")[2].strip(), *head[runs + 1 :]]
        ends = next((at for at, it in enumerate(command) if it.strip() == _DOTS), len(command))
        if purpose is None:
            printed = [it for it in command[ends + 1 :] if it.strip() != _DOTS]
        return in_tags("execute_command", in_tags("command", command[:ends])), printed
    path = next((found["path"] for it in lines if (found := _PATH.match(it))), "")
    if name in _READS:
        return in_tags("read_file", [f"<path>{path}</path>"]), printed
    changed = [found for it in lines if (found := _CHANGED.match(it))]
    sides = {sign: [it["line"] or "" for it in changed if it["sign"] == sign] for sign in "-+"}
    if name in _WRITES and not sides["-"] and any(it.startswith("Creating: ") for it in lines):
        return in_tags("write_to_file", [f"<path>{path}</path>", *in_tags("content", sides["+"])]), []
    if name in _WRITES:
        given = [*in_tags("old_string", sides["-"]), *in_tags("new_string", sides["+"])]
        return in_tags("edit_file", [f"<path>{path}</path>", *(given if changed else ())]), []
    return [f'<invoke name="{name}">', "</invoke>"], printed
