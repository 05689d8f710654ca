"""Copies of an agent's screen of whatever program, as lines that name the speakers, with calls as tags.

What such screens have in common tells all: the person types behind a prompt, a bar or in a box; calls have a sign and
a verb, or ``$``; what came of one hangs below it, set in deeper or on a corner; the rest is what the agent says. Those
with forms of their own (``screens``) are left to these.
"""

# ruff: noqa: RUF001 (signs as they stand on screens)
from __future__ import annotations

from itertools import islice

from handoff_cli.core.patterns import compiled
from handoff_cli.core.text import indent_of
from handoff_cli.transcripts.conversation.copies.own_prompts import OWN as OWN_PROMPT
from handoff_cli.transcripts.conversation.copies.own_prompts import marked
from handoff_cli.transcripts.conversation.copies.screen_calls import (
    CORNER,
    COUNTED,
    SIGNS,
    ShownCall,
    as_tags,
    bracketed_in,
    call_in,
    edited_in,
    ended_in,
)
from handoff_cli.transcripts.conversation.copies.screen_feet import EDGE, HINT, SPINS, foot_of
from handoff_cli.transcripts.conversation.copies.screen_runs import executed, to_execute
from handoff_cli.transcripts.conversation.marks.speakers import ASSISTANT, USER
from handoff_cli.transcripts.conversation.marks.wrapped import unwrapped

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator

    from handoff_cli.transcripts.conversation.copies.given import Given

OWN = compiled(r"\s{0,6}⎿ | {0,2}✦ |• (?:Ran|Explored|Edited|Added|Updated Plan)\b| {0,4}[▣■] {1,2}\w[\w -]* · ")
"""Signs of the screens that are read by their own forms."""

_PROMPT = compiled(rf" ?(?P<own>{OWN_PROMPT})?(?:[^\w\s!-~>❯›│┃║─]{{1,3}} )?(?P<sign>[>❯›]) (?P<words>\S.*)$")
"""One that is the program's ``own`` is no shell's, wherever it stands."""

_COMMAND = compiled(r"[/\\:][a-z][a-z-]{1,20}(?: \S.{0,200})?$")
"""What a person tells the program itself, which answers below."""

_BAR = compiled(r" {0,4}[│┃▌▎▍](?: (?P<words>.*))?$")
_BOX = compiled(r" {0,3}[╭┌┏╔][─━═]{10,}[╮┐┓╗]$")
_IN_BOX = compiled(r" {0,3}[│┃║] ?(?P<words>.*)[│┃║]$")
_AGENTS = compiled(rf" {{0,2}}[{SIGNS}⛬]\ufe0f? {{1,2}}(?P<words>\S.*)$")
_ASIDE = compiled(
    r".{0,12}[█▀▄▐▛▜▌]{3,}|.{0,24}╱{4,}| {0,4}[◇◈] \S.{0,80} \d[\dhms. ]*$|\W{0,6}(?:Thinking|Thought)\b.{0,24}$"
    r"|.{0,80}[(\[]\w[)\]]\w[^()\[\]|/]{0,30} [|/] [(\[]\w[)\]]\w"
    r"| {0,4}[^\w\s!-~•]\ufe0f? {1,2}[A-Z][a-z]{2,12}(?: [a-z]{2,12}){0,2}(?:\.{3}|…| [|/\\-])?$"
    r"| {0,4}[/\\][a-z-]{2,20} → "
)
"""A picture, the model and the time below a turn, that the agent thinks or does something, a question of one letter."""

_QUITS = compiled(r" ?[>❯›] /(?:exit|quit|bye)$")
_SHELL = compiled(
    r"(?:[\w.-]{1,40}@[\w.-]{1,60}[: ][^\s$#%>]{0,120} ?[$#%]|PS [A-Z]:\\[^>]{0,120}>"
    r"|➜ {1,2}[\w.~/-]{1,80} git:\([^()\s]{1,80}\)(?: ✗)?) ?(?P<run>.*)$|\$ [a-z][\w-]*$"
)
_LEAVES = ("exit", "logout", "clear")
_COMMITTED = compiled(r"\[[\w./-]{1,80} (?:\(root-commit\) )?[0-9a-f]{7,40}\] \S")
_GREETS = compiled(r"\s*(?:.{0,40}\b[Ww]elcome\b|.{0,60}\bv?\d+\.\d+\.\d+)")
_LEAST, _MOST_LINES, _MOST_WIDTH = 2, 20_000, 240
_BY_PROMPT, _BY_BAR, _BY_BOX = "prompt", "bar", "box"


def is_in(texts: list[str]) -> bool:
    """Return whether a text that begins so is such a copy: it has calls, or answers, and lines of a person's."""
    texts = marked(texts)
    signed = [at for at, it in enumerate(texts) if (bare := it.lstrip()) and (bare[0] in SIGNS or bare[:3].isupper())]
    calls = sum(call_in(texts[at], (*texts[at : at + 2], "")[1]) is not None for at in signed)
    if calls < _LEAST and not (_are_answered(texts) or any(it[:1] == OWN_PROMPT for it in texts)):
        return False
    return not any(map(OWN.match, texts)) and bool(_typed_by(texts))


def _are_answered(texts: list[str]) -> bool:
    """Return whether paragraphs behind ``>``, which alone has the sign, are answered as an agent answers a person.

    What is quoted has it before each line.
    """
    typed = [at for at, it in enumerate(texts) if "> " in it[:_LEAD] and not (at and texts[at - 1])]
    asked = [at for at in typed if _PROMPT.match(texts[at])]
    answers = 0
    for at in asked:
        ends = next((it for it in range(at, len(texts)) if not texts[it]), len(texts))
        if any(it[:1] == ">" for it in texts[at + 1 : ends]):
            return False
        answers += next((_ANSWERS.match(it) is not None for it in texts[ends : ends + _NEAR] if it), False)
    return len(asked) >= _LEAST and answers >= _LEAST


_NEAR, _LEAD = 4, 6
_ANSWERS = compiled(
    rf" {{0,4}}(?:[{SIGNS}]\ufe0f? {{1,2}})?"
    r"(?:(?:First|Now|Then),? )?(?:I(?:['\u2019](?:ll|ve|m|d)| (?:will|have|can|would|found|see)) |Let me "
    r"|(?:Done|Fixed|Understood|Right|Sure|Okay|OK|Got it|Of course|Sorry|Agreed|Yes|No)[.,:!] "
    r"|(?:Erledigt|Verstanden|Gut|Fertig|Compris|D'accord|Fait|Hecho|Entendido|Listo)[.,:!] |Ich \w+e\b|Je \w+ |Voy a )"
)


def in_turns(lines: Iterable[Given]) -> Iterator[Given]:
    """Yield the lines, with who speaks before each turn, and each call with what came of it."""
    given = iter(lines)
    shown = [*islice(given, _MOST_LINES)]
    begins = shown[0][2]
    screen = _Screen(marked([text.rstrip() for _, text, _ in shown]), is_alone=shown[0][0] <= 1)
    for at, text in screen.turns():
        yield shown[at][0], text, begins
        begins = False
    yield from given


def _typed_by(texts: list[str]) -> str:
    """Return what the person's lines are known by, nothing where there is none: most often it is a prompt."""
    texts = texts[: foot_of(texts)]
    boxes = bars = prompts = 0
    above, is_boxed = "", False
    for text in texts:
        opens = _BOX.match(text) is not None
        boxes += opens
        is_boxed = opens or (is_boxed and _IN_BOX.match(text) is not None)
        apart = not above or EDGE.match(above) is not None
        prompts += apart and _PROMPT.match(text) is not None
        bars += apart and not is_boxed and _BAR.match(text) is not None and _IN_BOX.match(text) is None
        above = text
    counts = {_BY_PROMPT: prompts, _BY_BAR: bars, _BY_BOX: boxes}
    most = max(counts.values())
    return next(way for way, count in counts.items() if count == most) if most else ""


class _Screen:
    """The lines of a screen; ``turns`` tells them, each with the index of the line it came of.

    Where it stands below other text, that too tells how wide it was: what was broken stays so here, as it does where no
    edge tells the width.
    """

    def __init__(self, texts: list[str], *, is_alone: bool) -> None:
        self._typed_by = _typed_by(texts)
        self._signs = ">" if sum("> " in it[:_LEAD] for it in texts) >= _LEAST else ">❯›"  # a shell's may stand beside
        self._texts = texts[: foot_of(texts)]
        self._last = max((at for at, it in enumerate(self._texts) if it), default=0)
        self._is_signed = self._signs_words()
        edges = [len(it) for it in texts if EDGE.match(it)] if is_alone else []
        self._width = min(max(edges, default=0), _MOST_WIDTH)
        self._speaks = ""
        typed = [at for at, it in enumerate(self._texts[:-1]) if it[:1] == OWN_PROMPT]
        self._is_answered_below = all(self._texts[at + 1] for at in typed)  # there what is typed stands on one line
        self._has_acted = self._is_program = False
        self._run = ""
        self._held: list[tuple[int, str]] = []

    def _signs_words(self) -> bool:
        """Return whether what the agent says begins with a sign: then all below what was typed is typed too."""
        pairs = zip(self._texts, [*self._texts[1:], ""], strict=True)
        signed = [it for it, below in pairs if _AGENTS.match(it) and call_in(it, below) is None]
        return sum(len(it) > _SENTENCE or it[-1] in ".:?!" for it in signed) >= _LEAST

    def turns(self) -> Iterator[tuple[int, str]]:
        """Yield the lines in the place of those of the screen."""
        at = 0
        while at < len(self._texts):
            begins, text = at, self._texts[at]
            below = self._texts[at + 1] if at + 1 < len(self._texts) else ""
            if (shown := self._of_program(at)) is not None:
                at, told = shown
                yield from told
            elif (typed := self._typed(at)) is not None:
                words, at = typed
                yield from self._turn(USER, begins)
                self._held += [(begins, it) for it in words]
            elif _BOX.match(text):
                at, call, body = self._boxed(at)
                yield from self._called(begins, call, body) if call else ()
            elif (call := call_in(text, below)) is not None and not _SHELL.match(text):
                at = self._hangs_to(at, call.indent - (call.kind == "plan"))
                yield from self._called(begins, *self._whole(call, begins, at))
            elif (beside := _PROMPT.match(text)) and not self._is_persons(beside):
                at = next((it for it in range(at, len(self._texts)) if not self._texts[it]), len(self._texts))
                run = ShownCall(kind="run", given=beside["words"], indent=0)
                yield from self._called(begins, run, self._texts[begins + 1 : at])
            else:
                yield from self._said(at, text)
                at += 1
        yield from self._told()

    def _of_program(self, at: int) -> tuple[int, list[tuple[int, str]]] | None:
        """Return where that ends and what it tells, if on line ``at`` the program itself is told or tells something."""
        prompt, shell = self._own_prompt(at), _SHELL.match(self._texts[at])
        if (prompt and _COMMAND.match(prompt["words"])) or _QUITS.match(self._texts[at]):
            told = [*self._told()]
            self._speaks, self._is_program = "", True
            return at + 1, told
        if prompt and prompt["words"][:1] == "!":
            return self._in_shell(at, prompt["words"][1:].strip())
        if shell and shell["run"] and (self._speaks or self._is_program):
            return self._in_shell(at, shell["run"])
        if (asked := to_execute(self._texts, at)) is not None:
            ends, self._run = asked
            return ends, []
        return self._shown(at)

    def _shown(self, at: int) -> tuple[int, list[tuple[int, str]]] | None:
        """Return where what the program did ends and what tells it: a run, a commit or edits that line ``at`` tells."""
        text = self._texts[at]
        if (shown := executed(self._texts, at, self._run, self._ends_output)) is not None:
            ends, self._run, body, failed = shown
            return ends, [*self._called(at, ShownCall(kind="run", given=self._run, indent=0, failed=failed), body)]
        if (call := bracketed_in(text)) is not None:
            within = range(at + 1, len(self._texts))
            ends = next((it for it in within if self._ends_output(it) or bracketed_in(self._texts[it])), within.stop)
            body, failed = ended_in(self._texts[at + 1 : ends])
            return ends, [*self._called(at, call.replace(failed=failed), body)]
        if _COMMITTED.match(text):
            return at + 1, [*self._called(at, ShownCall(kind="run", given="git commit", indent=0), [text])]
        edits = [ShownCall(kind="edit", given=path, indent=0) for path in edited_in(text)]
        return (at + 1, [it for edit in edits for it in self._called(at, edit, [])]) if edits else None

    def _in_shell(self, at: int, run: str) -> tuple[int, list[tuple[int, str]]]:
        """Return where a command that the person runs ends, and what tells it."""
        ends = next((it for it in range(at + 1, len(self._texts)) if self._ends_output(it)), len(self._texts))
        call = ShownCall(kind="run", given=run, indent=0)
        told = [*self._called(at, call, self._texts[at + 1 : ends] or [""])] if run not in _LEAVES else [*self._told()]
        self._speaks = "" if run in _LEAVES else self._speaks
        return ends, told

    def _is_persons(self, prompt: re.Match[str]) -> bool:
        return bool(prompt["own"]) or prompt["sign"] in self._signs

    def _own_prompt(self, at: int) -> re.Match[str] | None:
        """Return the prompt with a picture of its own on line ``at``."""
        prompt = _PROMPT.match(self._texts[at])
        return prompt if prompt and prompt["own"] else None

    def _ends_output(self, at: int) -> bool:
        text = self._texts[at]
        return not text or self._own_prompt(at) is not None or any(it.match(text) for it in (_ASIDE, _SHELL))

    def _typed(self, at: int) -> tuple[list[str], int] | None:
        """Return what the person typed from line ``at`` on, and where that ends; None where they typed nothing."""
        above = self._texts[at - 1] if at else ""
        if self._typed_by == _BY_BOX:
            return self._typed_in_box(at)
        apart = not above or EDGE.match(above) or HINT.search(above) or _ASIDE.match(above) or self._own_prompt(at)
        if not apart or self._texts[at][:1] == "\x00":
            return None
        if self._typed_by == _BY_BAR:
            bars = []
            while at < len(self._texts) and (bar := _BAR.match(self._texts[at])) and not _IN_BOX.match(self._texts[at]):
                bars.append(bar["words"] or "")
                at += 1
            return (bars, at) if bars else None
        prompt = _PROMPT.match(self._texts[at])
        if not prompt or not self._is_persons(prompt):
            return None
        words, at = [f"  {prompt['words']}"], at + 1
        answered = bool(prompt["own"]) and self._is_answered_below
        while at < len(self._texts) and not answered and self._goes_on(at):
            words.append(self._texts[at])
            at += 1
        return words, at

    def _goes_on(self, at: int) -> bool:
        """Return whether line ``at``, below what was typed, was typed too."""
        text, below = self._texts[at], self._texts[at + 1] if at + 1 < len(self._texts) else ""
        if not text:
            return self._is_signed and bool(below) and below[:1] == " " and self._goes_on(at + 1)
        others = (_AGENTS, _PROMPT, EDGE, SPINS, _ASIDE, _SHELL)
        return not (any(it.match(text) for it in others) or HINT.search(text) or call_in(text, below))

    def _typed_in_box(self, at: int) -> tuple[list[str], int] | None:
        if not _BOX.match(self._texts[at]):
            return None
        ends, call, body = self._boxed(at)
        greets = not (self._speaks or self._has_acted) and any(map(_GREETS.match, body))
        return None if call or greets or not any(body) else (body, ends)

    def _boxed(self, at: int) -> tuple[int, ShownCall | None, list[str]]:
        """Return where a box ends, the call that it shows, if it shows one, and what else stands in it."""
        ends = at + 1
        body = []
        while ends < len(self._texts) and (row := _IN_BOX.match(self._texts[ends])):
            body.append(row["words"].rstrip())
            ends += 1
        ends += ends < len(self._texts) and EDGE.match(self._texts[ends]) is not None
        head = next((it for it, line in enumerate(body) if line), None)
        if head is None:
            return ends, None, []
        call = call_in(body[head], (*body, "", "")[head + 1])
        if call is None and COUNTED.search(body[head]):
            call = ShownCall(kind="edit", given=body[head].strip(), indent=0)
        return ends, call, body[head + 1 :] if call else body

    def _hangs_to(self, at: int, indent: int) -> int:
        """Return where what hangs below line ``at`` ends; what it was given may go on there up to a bracket."""
        ends, opens = at + 1, self._texts[at].count("(") > self._texts[at].count(")")
        while ends < len(self._texts):
            text = self._texts[ends]
            filled = next((it for it in range(ends, min(ends + 3, len(self._texts))) if self._texts[it]), ends)
            deeper = indent_of(self._texts[filled]) > indent
            if not text and not (deeper and filled > ends and not self._begins(filled)):
                break
            opens = opens and not CORNER.match(text)
            if text and not (deeper or opens or CORNER.match(text)):
                break
            ends += 1
        return ends

    def _begins(self, at: int) -> bool:
        """Return whether line ``at`` below an empty one begins something of its own."""
        text, below = self._texts[at], self._texts[at + 1] if at + 1 < len(self._texts) else ""
        others = (_AGENTS, _BAR if self._typed_by == _BY_BAR else _PROMPT, SPINS, _ASIDE)
        return any(it.match(text) for it in others) or call_in(text, below) is not None

    def _whole(self, call: ShownCall, at: int, ends: int) -> tuple[ShownCall, list[str]]:
        """Return a call whose command stands below what it is for, or goes on above the corner, and what came of it."""
        body = self._texts[at + 1 : ends]
        corner = next((it for it, line in enumerate(body) if CORNER.match(line)), 0)
        if call.kind == "named" and body and (run := call_in(body[0])):
            rest = body[1 : max(corner, 1)]
            given = " ".join([run.given, *(it.strip() for it in rest)])
            return ShownCall(kind="run", given=given, indent=call.indent, failed=call.failed), body[1 + len(rest) :]
        if corner and call.kind == "run":
            joined = call_in(" ".join([self._texts[at], *(it.strip() for it in body[:corner])]))
            return joined or call, body[corner:]
        return call, body

    def _called(self, at: int, call: ShownCall, body: list[str]) -> Iterator[tuple[int, str]]:
        """Yield a call as tags, and the words of who refused it."""
        tags, words = as_tags(call, body, is_last=at == self._last)
        yield from self._turn(ASSISTANT, at)
        yield from self._told()
        yield from ((at, it) for it in tags)
        self._has_acted = True
        if words:
            yield from self._turn(USER, at)
            self._held.append((at, words))

    def _said(self, at: int, text: str) -> Iterator[tuple[int, str]]:
        """Yield what goes before a line that nobody typed: the agent says it, or the program of itself."""
        if not text:
            self._held.append((at, ""))
            return
        if _SHELL.match(text):
            yield from self._told()
            self._speaks = ""
            if at:
                yield at, text
            return
        if any(it.match(text) for it in (EDGE, SPINS, _ASIDE)) or HINT.search(text):
            return
        if not self._speaks and (self._is_program or not self._has_acted):
            return  # what the program greets with, or answers
        signed = _AGENTS.match(text)
        if self._speaks != ASSISTANT:
            yield from self._turn(ASSISTANT, at)
        self._held.append((at, f"  {signed['words']}" if signed else text))

    def _turn(self, role: str, at: int) -> Iterator[tuple[int, str]]:
        yield from self._told()
        if role != self._speaks or role == USER:
            yield at, f"<|{role}|>"
        self._speaks, self._is_program = role, False

    def _told(self) -> Iterator[tuple[int, str]]:
        """Yield what was said since it was told last, each paragraph on one line again."""
        held, self._held = self._held, []
        if held:
            lines = [it for _, it in held]
            width = self._width - _MARGIN * (self._speaks == USER)
            text = unwrapped(lines, width) if self._width else "\n".join(it.removeprefix("  ") for it in lines)
            yield from ((held[0][0], it) for it in text.split("\n"))


_SENTENCE, _MARGIN = 40, 6
"""How long a sentence is at least, and how much less room there may be where the person types."""
