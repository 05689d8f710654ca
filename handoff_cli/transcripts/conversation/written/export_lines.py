"""Lines that an export writes of itself: which tools were used, without their input, and what the user was asked."""

from __future__ import annotations

from handoff_cli.core.patterns import compiled
from handoff_cli.core.tool_names import SHELLS
from handoff_cli.transcripts.conversation.marks.inputs import ON_FILES, TOOLS, plain_name
from handoff_cli.transcripts.conversation.marks.speakers import USER
from handoff_cli.transcripts.conversation.marks.voices import EXPORTS
from handoff_cli.transcripts.conversation.written.files import UNNAMED
from handoff_cli.transcripts.events import Turned

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.transcripts.conversation.reading.talk import Placed, Talk

UNNAMED_RUN = "of a command that the copy does not name"
_USED = compiled(r"([_*]{1,3})Tools? (?:used|called): ?([`\w.:-]{1,80}(?:, [`\w.:-]{1,80}){0,19})\1\s*$")
_ASIDE = compiled(
    r"[_*]\[[A-Z]\w{1,20}(?: \w{1,20}){0,3} (?:from|in) (?:the )?(?:IDE|[Ee]ditor)\][_*]\s*$"
    r"|([_*])(?:Opened|Selected|Open|Active)(?: (?:file|lines?|text)){1,2}: ?`[^`]{1,400}`\1\s*$"
)
_PERMISSION = compiled(r"#{1,6} (?:\W{1,3} ?)?Permission [Rr]equest(?: [^\w\s].{0,60})?\s*$")
_OF_TOOL = compiled(r"\*\*Tool:\*\* `[^`]{1,80}`\s*$")

_TITLE = compiled(r"\*\*[A-Z][a-z]+ing [^*.!?:]{3,80}\*\*$")
_ORIGIN = compiled(
    r"(?:Continued|Converted|Exported|Imported|Resumed) (?:by|from|via|with) (?:(?:an?|the|your|my) )?"
    r"(?:Amp|Aider|ChatGPT|Claude|Cline|Codex|Copilot|Crush|Cursor|Devin|Droid|Gemini|GitHub Copilot|Goose|Kilo|Kiro"
    r"|[Oo]pen[Cc]ode|Qwen|Roo|SpecStory|Windsurf|Zed)\b[^.!?\n]{0,60}"
    r"\b(?:[Ss]ession|[Tt]hread|[Cc]onversation|[Cc]hat)\b[^.!?\n]{0,40}\.?$"
)
"""How a model titles what it thought, "**Reading the tests**", and what a program says of a talk that it took over."""


def take(talk: Talk, text: str) -> list[Placed] | None:
    """Read a line that the export's program wrote; None for any other."""
    if text[0] in "_*" and talk.role != USER and (used := _USED.match(text)):
        return _used(talk, [name.strip("`") for name in used[2].split(", ")])
    if text[0] in "_*" and _ASIDE.match(text):
        talk.cursor.take()
        return []
    if text[0] == "#" and _PERMISSION.match(text):
        talk.cursor.take()
        talk.cursor.skip_empty()
        if _OF_TOOL.match(talk.cursor.peek() or ""):
            talk.cursor.take()
        return talk.say("")
    if talk.role != USER and talk.forms() & EXPORTS and (ended := _in_place_of_step(talk, text)) is not None:
        return ended
    if text[0] in "*CEIR" and _stands_for_no_words(talk, text):
        talk.cursor.take()
        return []
    return None


def _in_place_of_step(talk: Talk, text: str) -> list[Placed] | None:
    ended = _ENDED.fullmatch(text) if text[0] in "CET" else None
    if (ended and _stands_alone(talk)) or _is_failure(talk, text):
        return _ended(talk, stopped=bool(ended and ended["stopped"]))
    return None


def _ended(talk: Talk, *, stopped: bool) -> list[Placed]:
    """Read a step of which only is shown how it ended: the user stopped it, or a tool failed that is not named."""
    text, number = talk.cursor.take(), talk.cursor.number
    if stopped:
        return [*talk.said(), *talk.settle(), talk.at(Turned(stopped=True))]
    return [*talk.call("tool", {}, number), *talk.answer(text, failed=True, last=True)]


_ENDED = compiled(
    r"(?P<stopped>Cancell?ed)|(?:Error calling tool|Tool call timed out after \d{1,6} ?m?s"
    r"|The string to replace was not found in the file)\.?"
)
"""What Cursor has in the place of a step."""


def _is_failure(talk: Talk, text: str) -> bool:
    """Return whether a line right below a call is how the next one failed: the export has nothing else of that."""
    is_below = talk.is_silent() and talk.has_spoken and bool(talk.cursor.last.strip())
    return is_below and "Error: " in text[:_ERROR_CHARS] and _FAILURE.match(text) is not None


_ERROR_CHARS = 80
_FAILURE = compiled(r"[A-Z][\w ]{2,60}: Error: \S")


def _stands_alone(talk: Talk) -> bool:
    """Return whether the next line is all of a step, below others of the turn: rules, or a name below, part them."""
    words = [it for it in talk.unsaid if it and it != "---"]
    above = next((it for it in reversed(talk.unsaid) if it), "---")
    below = talk.cursor.peek(1) or talk.cursor.peek(2) or "---"
    led = words[-1].endswith((".", "!", "\u2026", "```")) if words else talk.has_spoken
    return led and above == "---" and (below == "---" or talk.mark(below, ahead=True) is not None)


def _stands_for_no_words(talk: Talk, text: str) -> bool:
    """Return whether a line is all of a turn and nobody's words: the title of a thought, or where the talk is from.

    What the user speaks below was told to them.
    """
    is_title = _TITLE.match(text) is not None
    if not (is_title or _ORIGIN.match(text)) or talk.role == USER or any(talk.unsaid):
        return False
    lines = (talk.cursor.peek(ahead) or "" for ahead in range(1, _ENDS_WITHIN))
    below = next((line for line in lines if line not in ("", "---")), "")
    mark = talk.mark(below, ahead=True) if below else None
    is_told = is_title and mark and talk.survey.role_of(mark, talk.cursor.next_number) == USER
    return not below or bool(mark and not is_told)


_ENDS_WITHIN = 6


def _used(talk: Talk, names: list[str]) -> list[Placed] | None:
    """Return the calls of tools that are only named, of those that deal with files or run commands.

    Of others that tells nothing. None where one is no tool that is known.
    """
    if not all(name.lower() in TOOLS or name.startswith("mcp__") for name in names):
        return None
    events = talk.drop()
    for name in names:
        about = UNNAMED_RUN if name.lower() in SHELLS else UNNAMED if plain_name(name) in ON_FILES else ""
        if about:
            events += talk.did(name, {"description": about})
    return events
