"""Words of the transcript in a line of the document's own: on one line, inert, cut where a sentence ends."""

from __future__ import annotations

from handoff_cli.core.paths import name_of, with_folder
from handoff_cli.core.patterns import MULTILINE, caseless, lazily
from handoff_cli.core.text import one_line
from handoff_cli.documents.extract.files.changes import new_sides
from handoff_cli.documents.extract.language.lists import LISTED
from handoff_cli.documents.extract.language.prose import prose_of, typed_lines
from handoff_cli.documents.extract.language.words import (
    CODE_SPAN,
    as_one_line,
    clipped,
    clipped_within,
    ending,
    is_code_name,
    plain,
    whole,
    whole_sentences,
    without_bold,
)
from handoff_cli.documents.extract.progress.gathered import RESULT
from handoff_cli.documents.extract.requests.pasted_logs import without_frames
from handoff_cli.documents.markdown import code, is_marked, prose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoff_cli.documents.extract.facts import Request
    from handoff_cli.documents.extract.story import Story


COMMAND_CHARS = 240
"""A command up to here stands whole, so that it can be run again."""


def by_whom(request: Request, text: str) -> str:
    """Return the ``text`` of a request with the name of who said it before it, where several people speak."""
    return f"{request.by}: {text}" if request.by else text


GONE_SINCE = " (its latest run does not print these errors)"
"""What is known of a run that was pasted, where the command ran since and printed nothing of the kind."""


def pasted_run(story: Story) -> str:
    """Return the latest request that is a run which was pasted, in a line; empty for others."""
    run = story.pasted_run
    if run is None:
        return ""
    what = f"a run of {code(clipped(run.command, COMMAND_CHARS))} that was pasted{GONE_SINCE * run.gone}"
    return f"{what}: {ended(complete(run.errors[-1], _ERROR_CHARS))}"


_ERROR_CHARS = 160


def placed(step: str, story: Story) -> str:
    """Return ``step`` with where a file lies that it names by its name alone and no list has: it was not edited."""
    edited = {name_of(it.path) for it in story.changed.edits}
    known = {name_of(path): with_folder(path) for path in story.in_use.nearby}
    named = dict.fromkeys(_FILE_NAME.findall(step))
    there = [path for name in named if name not in edited and (path := known.get(name, name)) not in step]
    return f"{step} ({'; '.join(map(code, there))})" if there else step


_FILE_NAME = lazily(r"(?<![\w/.@-])[\w-]+(?:\.[\w-]+){0,3}\.[a-zA-Z]\w{0,4}(?![\w/(])")


def whose(story: Story) -> str:
    """Return whose the words are: the agent's, or of a text in which nobody is named."""
    return "The text's" if story.nameless else "The agent's"


def said(text: str, size: int) -> str:
    """Return words of the transcript on one line as they read, see ``as_read``, cut where they are long."""
    return as_read(clipped(without_bold(as_one_line(text)), size))


def as_read(line: str, *, keep_code: bool = False) -> str:
    """Return ``line`` as Markdown that reads as it does without its marks: what would be a mark stands as code.

    With ``keep_code`` every code span of the line stays one: a person who wrote it meant it so.

    A reader of the raw text is to be spared the signs by which a mark is none: of names, patterns and types they make
    others.
    """
    line = one_line(as_one_line(line))
    line = _EMPHASIS.sub(r"\1", without_bold(line)) if "*" in line or "__" in line else line
    parts: list[str] = []
    at = 0
    for found in CODE_SPAN.finditer(line):
        parts += [
            _words_as_read(line[at : found.start()]),
            code(found[2]) if keep_code or is_marked(found[2]) else found[2],
        ]
        at = found.end()
    shown = "".join((*parts, _words_as_read(line[at:])))
    first, space, rest = shown.partition(" ")
    begins = first if "`" in first else code(first) if _OPTION.fullmatch(first) else prose(first)
    return f"{begins}{space}{rest}"


_OPTION = lazily(r"--?[A-Za-z][\w-]*")
"""An option of a command's: as the first word of a line it would be an item of a list."""


def _words_as_read(text: str) -> str:
    """Return ``text``, in which no code is marked as such, with the words that hold a mark as code."""
    text = text.replace("`", "")
    if not is_marked(text):
        return text
    words, parts = text.split(), list[str]()
    at = 0
    while at < len(words):
        end = _marked_until(words, at)
        told = " ".join(words[at : end or at + 1])
        parts.append(_as_code(told) if end else told)
        at = end or at + 1
    return _with_ends(text, " ".join(parts))


def _with_ends(text: str, shown: str) -> str:
    """Return ``shown`` with the spaces that ``text`` begins and ends with."""
    return f"{' ' * text[:1].isspace()}{shown}{' ' * (text[-1:].isspace() and bool(text.strip()))}"


def _marked_until(words: Sequence[str], at: int) -> int:
    """Return where what ``words[at]`` begins ends: its brackets closed, or words with marks; 0: it holds none."""
    if end := _signs_until(words, at):
        return end
    if not is_marked(words[at]):
        return 0
    depth = 0
    for end in range(at, min(len(words), at + _MOST_WORDS)):
        plain = words[end].replace("->", "").replace("=>", "")
        depth += sum(map(plain.count, "[<")) - sum(map(plain.count, "]>"))
        if depth <= 0:
            return end + 1
    return next((end for end in range(at + 1, len(words)) if not is_marked(words[end])), len(words))


def _signs_until(words: Sequence[str], at: int) -> int:
    """Return where words end that are only signs and figures, such as those of a schedule; 0: there are not two."""
    end = at
    while end < min(len(words), at + _MOST_WORDS) and _SIGNS.fullmatch(words[end]):
        end += 1
    return end if end > at + 1 and any(is_marked(it) for it in words[at:end]) else 0


_SIGNS = lazily(r"['\"(]?[\d*/,?L#-]+['\").,;:]{0,2}")


def _as_code(told: str) -> str:
    """Return ``told`` as code, without the brackets and full stops around it that belong to the sentence."""
    stop = _STOPS.search(told)
    inside, after = (told[: stop.start()], stop[0]) if stop and is_marked(told[: stop.start()]) else (told, "")
    before = ""
    while inside[:1] == "(" and inside.count("(") > inside.count(")"):
        before, inside = f"{before}(", inside[1:]
    while inside[-1:] == ")" and inside.count(")") > inside.count("("):
        after, inside = f"){after}", inside[:-1]
    return f"{before}{code(inside)}{after}"


_EMPHASIS = lazily(r"(?<![\w*/\\])\*(?=\w)([^*`]*\w[.!?:]?)\*(?![\w*/\\.])")
_STOPS = lazily(r"(?<!^)(?<!\\)[.,;:!?\u2026]+$")
_MOST_WORDS = 12


def asked(text: str, size: int) -> str:
    """Return a request in about ``size`` characters: of a long one the sentences that order, limit or ask, whole.

    What was pasted is left out but for lists that limit something; words that only point at what they quote come with
    its beginning.
    """
    text = without_frames(_MARKED.split(text)[-1].strip())
    line = as_one_line(text)
    typed = typed_lines(text)
    first, gap, _ = text.partition("\n\n")
    quoted = first if gap and typed and typed[0] not in first and _POINTS.search(typed[0]) else ""
    if len(line) <= size and not quoted:
        return as_read(line)
    if len(typed) > 1 and typed[0].endswith(":") and (title := _HEADING.match(typed[1])):
        return as_read(clipped(f"{without_bold(typed[0])} {without_bold(title[1])}", _TITLE_CHARS))
    lines = _lines_of(text[len(quoted) :], set(typed))
    told = [it for line in lines for it in _REQUEST_END.split(line) if it]
    if not told:
        return as_read(clipped_within(line, size))
    about = f' (said of: "{_whole(plain(quoted), _QUOTE_CHARS)}")' if quoted else ""
    closing = len(_REQUEST_END.split(lines[-1])) if len(lines) > 1 and len(lines[-1]) <= _CLOSING_CHARS else 0
    return as_read(f"{_weightiest(told, size, closing)}{about}")


def _lines_of(text: str, typed: set[str]) -> list[str]:
    """Return the ``typed`` lines of a request and the items of its lists that limit something."""
    lines = [it.strip() for it in prose_of(text).split("\n")]
    return [plain(it) for it in lines if it in typed or (LISTED.match(it) and _LIMITS.search(it))]


def _weightiest(told: list[str], size: int, closing: int) -> str:
    """Return the sentences of ``told`` that bind most, in their order, within about ``size`` characters.

    So many as ``closing`` stand in a short line of their own at the end, which says what comes of all that was said.
    """
    last = len(told) - 1
    worth = [
        9 * (at > last - closing)
        + 4 * bool(_LIMITS.search(it))
        + 3 * it.endswith("?")
        + 5 * bool(_BEGINS_WITH_ORDER.match(it))
        + (2 if at else 4) * bool(_ORDERS.search(it))  # what is asked for first says what the rest is about
        + (at in (0, last))
        for at, it in enumerate(told)
    ]
    kept: set[int] = set()
    left = size
    for at in sorted(range(len(told)), key=lambda at: (-worth[at], at)):
        if len(told[at]) <= left:
            kept.add(at)
            left -= len(told[at]) + 3
    if not kept:
        return _whole(told[0], size)
    shown = [f"{'… ' if at and at - 1 not in kept else ''}{without_bold(told[at])}" for at in sorted(kept)]
    return " ".join(shown) + (" …" if last not in kept else "")


def _whole(text: str, size: int) -> str:
    """Return the first sentences of ``text`` that fit into ``size``, of a long one its first clauses."""
    line = as_one_line(text)
    if told := whole_sentences(line, size):
        return told
    ends = [it.start() for it in _CLAUSE_END.finditer(line[:size]) if it.start() > size // 3]
    return f"{line[: ends[-1]]} …" if ends else clipped(line, size)


LEFT_BY = (
    "Fails and is let be, by the user's words:",
    "Fails without this work, by the agent's words [UNVERIFIED]:",
)
"""What stands above failures that nobody is sent to mend, by whether they are unrelated to the work."""


def complete(text: str, size: int) -> str:
    """Return words of the transcript on one line as they read, see ``as_read``, cut where a sentence or clause ends."""
    return as_read(_whole(without_bold(as_one_line(text)), size))


_LIMITS = caseless(
    r"\b(?:max(?:imum)?|min(?:imum)?|at (?:most|least)|only|just|(?<!\byou )(?<!\bthey )do ?n['\u2019]?o?t|never"
    r"|must|without|instead|rather|in (?:english|german|spanish|french|italian|portuguese|japanese|chinese)|under \d"
    r"|within|before|until|keeps?|stays?|no|should(?:n['\u2019]?t)?|nicht|kein\w*|nur|ohne|auf (?:deutsch|englisch)|sin"
    r"|solo|en espa[nñ]ol|sans|seulement|en fran[cç]ais|bevor|antes de|avant de|prima di)\b"
)
_ORDERS = caseless(
    r"\b(?:add|answer|build|change|check|create|delete|document|explain|find|fix|implement|make|move|need|prepare|put"
    r"|refactor|remove|rename|replace|review|run|show|summari[sz]e|test|update|use|want|write)\b"
)
_BEGINS_WITH_ORDER = caseless(
    r"(?:(?:then|and|also|now|next|first|finally|so|ok(?:ay)?|please|just|yes|once [^,]{1,60})[,:]?\s+){0,3}"
    r"(?:(?:can|could|would|will) you |i(?:['\u2019]d| would)? (?:also )?(?:need|want|like) "
    r"|you (?:should|need to|have to) |let['\u2019]?s |please ){0,2}(?:also |now |then |just |me |you to |to )*"
    r"(?:add|answer|apply|build|change"
    r"|check|commit|create|delete|deploy|do|document|draft|explain|extend|find|fix|give|go|implement|look|make|move"
    r"|open|prepare|push|put|refactor|remove|rename|replace|rerun|review|revert|run|send|show|split|start|summari[sz]e"
    r"|switch|take|tell|test|try|turn|update|use|write"
    r"|\xe4ndere|behebe?|erkl\xe4re?|erstelle?|f\xfcge?|lass|l\xf6sche?|mache?|nimm|pr\xfcfe?|sag|schau|schreibe?|suche?|zeige?"
    r"|a\xf1ade|arregla|borra|busca|cambia|comprueba|corrige|crea|deja|dime|encuentra|escribe|explica|haz|mira|pon|prueba"
    r"|quita|revisa|ajoute|cherche|corrige|cr\xe9e|dis-moi|\xe9cris|explique|fais|montre|regarde|supprime|trouve|v\xe9rifie"
    r"|aggiungi|cerca|controlla|correggi|dimmi|fai|guarda|rimuovi|scrivi|spiega|adicione|corrija|diga|fa\xe7a|procure"
    r"|remova|veja|verifique)\b"
)
_POINTS = caseless(r"\b(?:this|that|it|these|those|here)\b")
_REQUEST_END = lazily(r"(?<=[^\W\d_][.!?])\s+(?=\S)|(?<=[)\"\u201d'][.!?])\s+|(?<=\d[.!?])\s+(?=[A-Z])")
_CLAUSE_END = lazily(r"(?:[,;:]|\s[-\u2013\u2014])\s")
_QUOTE_CHARS, _CLOSING_CHARS = 140, 100


_HEADING = lazily(r"#{1,6} +(\S.*)")
_TITLE_CHARS = 160
"""The characters of an order with the title of the plan it hands over: it stands whole."""


_MARKED = lazily(r"^#+ My request for Codex:\s*", MULTILINE)
"""What stands before, an editor put there."""


def event(line: str, size: int) -> str:
    """Return a line of what was done; a command, or what was edited, stands as code where else it needed escaping."""
    head, colon, change = line.partition(": ")
    if line.startswith("edited ") and is_marked(change):
        sides = " → ".join(code(it) for it in clipped(change, size).split(" → "))
        return f"{said(head, size)}{colon}{sides}"
    if not line.startswith("ran "):
        return said(line, size)
    command = RESULT.sub("", line[4:])
    result = line[4 + len(command) :].strip()
    between = "" if result[:1] in ("", ":") else " "
    return f"ran {code(clipped(command, size))}{between}{said(result, size)}"


def by_items(text: str, size: int) -> str:
    """Return changes divided by semicolons in at most ``size`` characters: without the last ones, else cut.

    Where there is no room for both sides of one, what is there now stands.
    """
    items = _first_items(text, size)
    if " → " in text and " → " not in items:
        text = new_sides(text)
        items = _first_items(text, size)
    return items if len(items) * 2 > min(size, len(text)) else clipped(text, size)


def _first_items(text: str, size: int) -> str:
    return text if len(text) <= size else whole(text)[:size].rpartition("; ")[0]


def some(names: Sequence[str], most: int) -> str:
    """Return the first ``names``, as many as ``most``, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{code(', '.join(clipped(it, 60) for it in names[:most]))}{more}"


def capitalized(text: str) -> str:
    """Return ``text`` with a capital at its beginning, unless that is a name out of code."""
    word = text.partition(" ")[0].rstrip(",;:.()")
    return text if is_code_name(word) else f"{text[:1].upper()}{text[1:]}"


def ended(text: str) -> str:
    """Return ``text`` with a full stop where it does not end: also in place of a colon, as nothing of its follows."""
    return text if text.rstrip("\"')\u201d`").endswith(_ENDS) else text.rstrip(" :\uff1a") + "."


_ENDS = (".", "?", "!", "…", "\u3002", "\uff1f", "\uff01")


def beginning_of(text: str, size: int, tail: int = 0) -> str:
    """Return the first ``size`` characters of ``text`` and what ends a word there, and the last ``tail``.

    Where little more would be all of it, or end a clause, that stands too, and an address that follows.
    """
    if len(text) <= size + tail + _LITTLE:
        return text
    clause = next((it.start() for it in _CLAUSE_ENDS.finditer(text, size) if it.start() <= size + _LITTLE), 0)
    ends = clause or text.find(" ", size, size + _LITTLE)
    size = ends if ends > 0 else _past_address(text, size)
    size += text[size : size + 1] == "?"  # without it what is asked would be said
    if size == len(text):
        return text
    address = _ADDRESS.search(text, size)
    further = ending(text, tail) if tail else address[0] if address else ""
    return f"{text[:size].rstrip()}… {further}".rstrip()


def _past_address(text: str, size: int) -> int:
    """Return ``size``, or where the address or path ends that ``text`` is in there: half of one leads nowhere."""
    begins = text.rfind(" ", 0, size) + 1
    ends = text.find(" ", size)
    word = text[begins : ends if ends > 0 else len(text)]
    return begins + len(word) if word.count("/") > 1 and len(word) <= _ADDRESS_CHARS else size


_ADDRESS, _ADDRESS_CHARS = lazily(r"https?://[\w./:@~#?&=%+-]{4,80}(?![\w./:@~#?&=%+-])"), 200
_LITTLE, _CLAUSE_ENDS = 22, lazily(r"(?<=\w)(?=[,.;:?!](?:\s|$))")
