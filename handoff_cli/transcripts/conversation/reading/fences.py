"""Fenced blocks: one may have lost the mark that opens or closes it, or quote text with marks of its own."""

from __future__ import annotations

from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.conversation.marks.speakers import EXPORTED
from handoff_cli.transcripts.conversation.marks.voices import EXPORTS
from handoff_cli.transcripts.conversation.reading.lines import LOOK_AHEAD
from handoff_cli.transcripts.conversation.reading.work import Output

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.transcripts.conversation.reading.talk import Talk

FENCE = compiled(r"\s{0,12}(?:> ?)?(`{3,}|~{3,})\s*([\w+#.-]*)[^`]*$")
OF_SHELL = ("bash", "sh", "shell", "zsh", "console", "terminal", "powershell", "ps1", "cmd", "fish")
STRUCTURE = compiled(
    r"\s*(?:(?:</?(?:details|tool[-_]use)[^>]{0,200}>){1,3}|</?think>|</?thinking>|<summary>.{0,200}</summary>|-{3,}"
    r"|\*\*\[\d{4}-\d\d-\d\d[T ][\d:]+\]\*\*"
    r"|\*\*(?:Date|Time|Timestamp)(?::\*\*|\*\*:) \d{4}-\d\d-\d\d[T ]?[\d:.Z]*"
    r"|Copy(?: code)?|Code kopieren|Kopieren|Copier(?: le code)?"
    r"|Copiar(?: código)?|Show thinking|Show code|Gedankengang anzeigen|Afficher le raisonnement|Mostrar razonamiento"
    r"|Sources|Quellen"
    r"|#{1,6} (?:Turn|Exchange|Interaction|Message) #?\d{1,5}|[\d:]{5,8} (?:-!-|\*{1,3}|-->|<--) .{1,200}"
    r"|exec|tokens used(?:: [\d,]+)?"
    r"|Ask ChatGPT|Thought for (?:a few|a couple of|several) (?:seconds|minutes)"
    r"|(?:Thought for|Nachgedacht für|Réflexion pendant"
    r"|A réfléchi(?: pendant)?|Pensó durante|Pensou por|Ha pensato per) \d.{0,20}"
    r"|\d{1,3} (?:Sekunden?|Minuten?)(?: \d{1,2} Sekunden?)? (?:lang )?nachgedacht|Script (?:started|done) on .{0,200}"
    r"|# \d{4}-\d\d-\d\dT\S{5,12}\s+conversation: .{1,80}|Model: \*\*[^*]{1,80}\*\*(?: .{0,40})?|\*Model: [^*]{1,80}\*"
    r"|(?:ChatGPT|Claude|Gemini|Copilot|Grok)\b[^.]{0,30}\b(?:mistakes|inaccurate|Fehler|erreurs|errores|errori|erros)\b.{0,80}"
    r"|Used \d{1,3} references?|(?:Claude )?(?:Sonnet|Opus|Haiku) \d(?:\.\d)?"
    r"|\*(?:Edited relevant file|(?:Grep|Search|List|Check|Analyz|Explor)(?:p?ed)?\b.{0,200})\*"
    r"|\d{1,2}[./]\d{1,2}[./]\d{2,4},? \d{1,2}:\d\d(?::\d\d)?(?: [APap]\.?[Mm]\.?)? - [^:]{1,200}"
    r"|Status: \*\*\w{2,20}\*\*|[A-Z][a-z]{2,15} (?:file|files|folder|directory|command): undefined"
    r"|<Media omitted>|(?:image|video|audio|sticker|GIF) omitted|\(edited\)|:[a-z0-9_+-]{2,30}: \d{1,3}"
    r"|Tips for getting started:|\d\. (?:Ask questions, edit|Be specific for|Create (?:custom )?GEMINI|/help).{0,90}"
    r"|<!--.{0,200}-->)\s*$"
)


def closing(talk: Talk, mark: str) -> int | None:
    """Return how many lines ahead a fenced block ends; None where the mark itself is the end of one cut off before."""
    begins = FENCE.match(talk.cursor.peek() or "")
    opened = bool(begins and begins[2])
    depth, before, ends = 1, "", False
    if talk.cursor.index < talk.unclosed.get(mark[0], 0):
        return None
    for ahead in range(1 + _opened_again(talk, 1), LOOK_AHEAD):
        text = talk.cursor.peek(ahead)
        if text is None:
            return ahead - 1 if opened else None
        step = _step(text, mark)
        if step > 0 and not opened and depth == 1:
            return None
        depth += step
        ends = ends or step < 0
        if not depth or _closes_beside(talk, ahead, mark):
            return ahead
        if not step and _speaks(talk, text, before, depth):
            return ahead - 1 if opened or depth > 1 else None
        before = text or before
    if not ends:  # nor does any that begins before there
        talk.unclosed[mark[0]] = talk.cursor.index + LOOK_AHEAD
    return None


def fence_text(talk: Talk, mark: str) -> str:
    """Read a fenced block whole and return its text, the first and the last lines of a long one."""
    talk.cursor.take()
    talk.cursor.skip(_opened_again(talk, 0))
    output, depth, before = Output(), 1, ""
    while (text := talk.cursor.peek()) is not None:
        if _closes_beside(talk, 0, mark):
            output.add(talk.cursor.take().removesuffix(mark))
            break
        step = _step(text, mark)
        depth += step
        if not step and _speaks(talk, text, before, depth):
            break
        talk.cursor.take()
        if not depth:
            break
        output.add(text)
        before = text or before
    return output.text()


def _opened_again(talk: Talk, ahead: int) -> int:
    """Return how many lines ahead open the block at hand once more, as a model may that writes its blocks by rule."""
    opens = talk.cursor.peek(ahead - 1) if ahead else talk.cursor.last
    fence, again = FENCE.match(opens or ""), 0
    while fence and fence[2] and again < _MOST_AGAIN and talk.cursor.peek(ahead + again) == opens:
        again += 1
    return again


_MOST_AGAIN = 4


def _closes_beside(talk: Talk, ahead: int, mark: str) -> bool:
    """Return whether the mark that closes a block stands behind its last line, above a rule of the export."""
    text = talk.cursor.peek(ahead) or ""
    if not text.endswith(mark) or text.count(mark) != 1 or text.lstrip("> ").startswith(mark):
        return False
    return bool(talk.forms() & EXPORTS) and (talk.cursor.peek(ahead + 1) or talk.cursor.peek(ahead + 2)) == "---"


def rest_of_turn(talk: Talk, mark: str) -> str:
    """Read on to the end of the turn where that ends with an empty block: the one just read held blocks, and goes on.

    So a block looks that was written around another with the same mark. Where nothing goes on nothing is read.
    """
    ends = ahead = 0
    lines: list[str] = []
    while ahead < LOOK_AHEAD and (text := talk.cursor.peek(ahead)) is not None and not (text and talk.mark(text)):
        lines.append(text)
        ahead += 1
        ends = ahead if text.strip() and text != "---" else ends
    marks = [at for at, text in enumerate(lines[:ends]) if text == mark]
    if len(marks) < _PAIR or marks[-1] != ends - 1 or any(lines[marks[-2] + 1 : ends - 1]):
        return ""
    return "\n".join(talk.cursor.take() for _ in range(ends)).rstrip("`\n")


_PAIR = 2


DATA = "Additional data:"


def pass_over_data(talk: Talk) -> None:
    """Pass over what an export adds to a call of its own."""
    ahead = 0 if talk.cursor.peek() else 1
    if talk.cursor.peek(ahead) != DATA:
        return
    talk.cursor.skip(ahead + 1)
    talk.cursor.skip_empty()
    if fence := FENCE.match(talk.cursor.peek() or ""):
        fence_text(talk, fence[1])


def _step(text: str, mark: str) -> int:
    """Return 1 where a line opens a block within a block that ``mark`` opened, -1 where it closes one, else 0."""
    found = FENCE.match(text) if text.lstrip("> ")[:3] in ("```", "~~~") else None
    if not found or len(found[1]) < len(mark) or found[1][0] != mark[0]:
        return 0
    return 1 if found[2] else -1


def _speaks(talk: Talk, text: str, before: str, depth: int) -> bool:
    """Return whether a line within a block names a speaker all the same: the block was left open, or one within it.

    In a whole block it is quoted. ``before`` is the last line that was not empty, ``depth`` how many blocks are open.
    """
    if text[:1] not in "#_*" or not text or not (name := talk.mark(text)):
        return False
    if name.way == EXPORTED:
        return True
    return depth > 1 or STRUCTURE.match(before) is not None
