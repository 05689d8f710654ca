"""Copies of screens on which each thing stands in a frame whose title says what it is: who speaks, a call, its output.

Libraries that draw terminals frame so, with a box around or a rule above and below; agents of many makes show turns in
such frames, some only what is done, and the person's words behind a prompt.
"""

# ruff: noqa: RUF001 (signs as they stand on screens)
from __future__ import annotations

from handoff_cli.core.patterns import caseless, compiled
from handoff_cli.transcripts.conversation.copies.screen_feet import HINT, SPINS
from handoff_cli.transcripts.conversation.marks.speakers import ASSISTANT, USER
from handoff_cli.transcripts.tagged import in_tags
from handoff_cli.transcripts.values import without_empty_ends

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from handoff_cli.transcripts.conversation.copies.given import Given

_HEAD = compiled(
    r" {0,3}(?:[╭┌┏╔]?[─━═]{1,200}\|? (?P<title>[A-Z][\w ]{2,30}) \|?[─━═]{3,200}[╮┐┓╗]?"
    r"|[╭┌┏╔][─━═]{1,200}\| (?P<barred>[A-Z][\w ]{2,30}) \|[─━═]{1,200}[╮┐┓╗]?)$"
)
_FOOT = compiled(r" {0,3}[╰└┗╚]?[─━═]{8,400}[╯┘┛╝]?$")
_ROW = compiled(r" {0,3}[│┃║] ?(?P<row>.*)$")
_SIDES = ("│", "┃", "║")
_KINDS = (
    ("result", caseless(r".*\b(?:output|observation|result)\b")),
    ("user", caseless(r".*\b(?:user|human|you|your message)\b")),
    ("call", caseless(r".*\b(?:command|action|tool|shell|bash|terminal|execute)\b")),
    ("edit", caseless(r".*\b(?:edit|diff|write|patch)\b")),
    ("thought", caseless(r".*\b(?:thinking|thoughts?|reasoning)\b")),
    ("agent", caseless(r".*\b(?:agent|assistant|response|answer|finish(?:ed)?|message)\b")),
)
_PROMPT = compiled(r" ?[>❯›] (?P<words>\S.*)$")
_RUN = compiled(r" {0,2}\$ (?P<run>\S.*)$")
_ASIDE = compiled(r"\s*(?:Tokens: |Tool: |Result:$|Predicted Security Risk)")
_LABEL = compiled(r"\s{0,2}(?:Thought|Reasoning|Summary): ?(?P<words>.*)$")
_FIELD = compiled(r"\s{2,6}(?P<key>[a-z_]{2,30}): ?(?P<value>.*)$")
_ACTION = compiled(r"\s{0,2}Action: (?P<name>\w{1,40}?)(?:Action)?$")
_EXIT = compiled(r"\W{0,4}Exit code: (?P<code>\d{1,3})$")
_FILE = compiled(r".{0,40}?\b(?P<made>[Nn]ew )?(?:[Ff]ile|[Pp]ath):? (?P<path>[^\s,\]]*[./][^\s,\]]*)")
_CHANGED = compiled(r"\s{0,4}(?P<sign>[+-])\s{0,8}\d{0,7}(?:\||:)? ?(?P<line>.*)$")
_LEAST = 2


def is_in(texts: list[str]) -> bool:
    """Return whether a text that begins so is such a copy: frames of a call or its output, and of one more kind."""
    kinds = [kind for text in texts if (kind := _kind(text))]
    if len(kinds) < _LEAST or {"call", "result", "agent"}.isdisjoint(kinds):
        return False
    return "user" in kinds or any(map(_PROMPT.match, texts))


def _kind(text: str) -> str:
    """Return what a line begins a frame of, nothing where it begins none that is known."""
    head = _HEAD.match(text) if "─" in text or "━" in text or "═" in text else None
    title = (head["title"] or head["barred"]) if head else ""
    return next((kind for kind, named in _KINDS if title and named.match(title)), "")


def in_turns(lines: Iterable[Given]) -> Iterator[Given]:
    """Yield the lines, with who speaks before each turn, and each call with what came of it."""
    frames = _Frames()
    number = 0
    for number, text, begins in lines:
        for told in frames.take(text.rstrip()):
            yield number, told, begins
            begins = False  # noqa: PLW2901 (the first of them begins the piece)
    yield from ((number, told, False) for told in frames.end())


class _Frames:
    """Takes in the lines one by one and returns those that stand in their place, a frame at its end."""

    def __init__(self) -> None:
        self._kind = ""
        self._body: list[str] = []
        self._speaks = self._above = ""
        self._typing = False

    def take(self, text: str) -> list[str]:
        """Take in a line."""
        if kind := _kind(text):
            told = self.end()
            self._kind = kind
            return told
        if self._kind:
            if _FOOT.match(text):
                return self.end()
            row = _ROW.match(text)
            self._body.append(
                (row["row"][:-1] if row["row"].endswith(_SIDES) else row["row"]).rstrip() if row else text
            )
            return []
        return self._between(text)

    def _between(self, text: str) -> list[str]:
        """Return a line between the frames: what the person types, or what the agent says."""
        above, self._above = self._above, text
        prompt = _PROMPT.match(text) if not above or HINT.search(above) else None
        if prompt:
            self._typing = True
            return [*self._turn(USER), prompt["words"]]
        self._typing = self._typing and bool(text)
        if not text or self._typing:
            return [text]
        if HINT.search(text) or SPINS.match(text) or _FOOT.match(text) or not self._speaks:
            return []
        return [*self._turn(ASSISTANT), text]

    def end(self) -> list[str]:
        """Return what a frame told, at its end."""
        kind, self._kind, body, self._body = self._kind, "", without_empty_ends(self._body), []
        body = [it for it in body if not _ASIDE.match(it)]
        if kind == "user":
            return [*self._turn(USER, anew=True), *body]
        if kind == "agent":
            return [*self._turn(ASSISTANT), *body]
        if kind in ("call", "edit"):
            return [*self._turn(ASSISTANT), *_called(body)]
        if kind == "result":
            fails = any(code["code"] != "0" for line in body if (code := _EXIT.match(line)))
            attributes = ' is_error="true"' if fails else ""
            printed = without_empty_ends([it for it in body if fails or not _EXIT.match(it)])
            return [f"<tool_result{attributes}>", *printed, "</tool_result>"]
        return []

    def _turn(self, role: str, *, anew: bool = False) -> list[str]:
        begins, self._speaks = role != self._speaks or anew, role
        return ["", f"<|{role}|>"] if begins else []


def _called(body: list[str]) -> list[str]:
    """Return what a frame of a call tells: what the agent thinks of it, and the call as tags."""
    said = [it["words"] for line in body if (it := _LABEL.match(line))]
    runs = next((at for at, line in enumerate(body) if _RUN.match(line)), None)
    if runs is not None:
        command = [(it["run"] if (it := _RUN.match(line)) else line) for line in body[runs:]]
        return [*said, *in_tags("execute_command", in_tags("command", command))]
    given = {it["key"]: it["value"] for line in body if (it := _FIELD.match(line))}
    action = next((it["name"] for line in body if (it := _ACTION.match(line))), "")
    if given:
        return [*said, *_with_fields(action, given)]
    named = next((it for line in body if (it := _FILE.match(line))), None)
    if not named:
        return [*said, *in_tags("execute_command", in_tags("command", body))] if body and not said else said
    rows = [it for line in body if (it := _CHANGED.match(line))]
    sides = {sign: [it["line"] for it in rows if it["sign"] == sign] for sign in "-+"}
    path = f"<path>{named['path']}</path>"
    if named["made"]:
        return in_tags("write_to_file", [path, *in_tags("content", sides["+"])])
    return in_tags("edit_file", [path, *in_tags("old_string", sides["-"]), *in_tags("new_string", sides["+"])])


_NAMES = {"old_str": "old_string", "new_str": "new_string", "file_text": "content"}
_BY_COMMAND = {"view": "read_file", "create": "write_to_file"}


def _with_fields(action: str, given: dict[str, str]) -> list[str]:
    """Return a call that is given things by names as tags; of an editor its command says what it does."""
    if "path" in given:
        tool = _BY_COMMAND.get(given.pop("command", ""), "edit_file")
    elif "command" in given:
        tool = "execute_command"
    else:
        inner = [line for key, value in given.items() for line in in_tags(key, [value])]
        return [f'<invoke name="{action or "tool"}">', *inner, "</invoke>"]
    return in_tags(tool, [line for key, value in given.items() for line in in_tags(_NAMES.get(key, key), [value])])
