"""Threads of mails: who wrote which, the earliest first, as lines that name the speakers.

A mail quotes what it answers (``On … wrote:`` above lines that begin with ``>``), or stands below its headers. Who
does the work answers, or the next one after who wrote first; whoever else writes asks.
"""

# ruff: noqa: RUF001 (signs as they stand on screens)
from __future__ import annotations

from email.utils import parsedate_to_datetime

from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.conversation.copies.commenters import roles_of
from handoff_cli.transcripts.conversation.marks.speakers import ALONE, ASSISTANT, DECORATED, USER, mark_in
from handoff_cli.transcripts.conversation.marks.times import moment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime

_HEADER_LINES = 12
_LEAST_HEADERS = 2
_SAME_CHARS = 80
_MOST_DEEP = 40
"""What is quoted deeper belongs to the mail that quotes it."""

_SIGNS = ("⏺", "●", "⎿", "›", "✦", "❯", "$ ", "• ", "```")
"""What begins a line on an agent's screen, in a terminal or in Markdown, and none of a mail."""

_WROTE = compiled(
    r"(?:On|Le|El|Il|Em|Op) (?=[^<>]{0,80}\d)[^<>]{4,90}?[, ] ?(?P<name>[^\d<>,:]{2,60}?) ?"
    r"(?:<(?P<mail>[^<>]{3,90})>)?,? ?(?:wrote|a écrit|escribió|ha scritto|escreveu|schreef) ?:$"
    r"|Am (?=.{0,40}\d).{4,70}? schrieb (?P<whose>[^\d<>:]{2,60}?) ?(?:<(?P<address>[^<>]{3,90})>)? ?:$"
)
_BEGINS = ("On ", "Le ", "El ", "Il ", "Em ", "Op ", "Am ")
_INITIALS = {"*", *"FVDOLEIA"}
"""What a line begins with that is the first header, or says who wrote what is quoted below."""

_NO_NAME = compiled(r"(?:(?:[AaPp]\.?[Mm]\.?|at|um|à|Uhr|UTC|GMT)(?: |$))+")
_FROM = compiled(
    r"\*?(?:From|Von|De|Da|Van) ?:\*? +"
    r"(?:(?P<hidden>\S{1,60} at \S{2,60}) \((?P<called>[^()]{2,60})\)|(?P<name>\"?[^<>:@\[]{2,80}?\"?)?"
    r" ?(?:[<\[]?(?:mailto:)?(?P<mail>[^\s<>\[\]@]{1,60}@[^\s<>\[\]]{2,60}?)[>\]]?)?)$"
)
"""Who sent a mail; in archives on the web the address is hidden."""

_HEADER = compiled(
    r"\*?(?:(?P<date>Date|Sent|Datum|Gesendet|Envoyé|Fecha|Data)|(?P<subject>Subject|Betreff|Objet|Asunto|Oggetto)"
    r"|To|An|À|A|Para|Cc|CC|Bcc|Reply-To|Message-I[Dd]|In-Reply-To|References|Content-[\w-]{4,30}|MIME-Version"
    r"|Importance|Attachments?) ?:\*?(?: +(?P<value>.*))?$"
)
_BETWEEN = compiled(r"(?:-{2,} ?[^-]{4,40} ?-{2,}|_{10,}|From \S+(?:@| at )\S+ .{10,40})$")
_ANSWERS = compiled(r"(?:(?:re|aw|sv|fwd?|wg|tr|rv) ?: *)+", 2)
_QUOTED = compiled(r"> ?(.*)$")


_GREETS = compiled(
    r"(?:Hi|Hello|Hey|Dear|Good (?:morning|afternoon|evening)|Hallo|Liebe[rs]?|Sehr geehrte[rs]?|Guten (?:Tag|Morgen)"
    r"|Moin|Servus|Bonjour|Salut|Ch[eè]re?s?|Hola|Buenos días|Estimad[oa]s?|Ciao|Buongiorno|Gentile|Olá|Prezad[oa]s?)"
    r"(?: [^\s,.!?:;]{1,30}){0,3} ?[,!.:]?$"
)
_CLOSES = compiled(
    r"(?:(?:With )?(?:[Kk]ind|[Bb]est|[Ww]arm) (?:regards|wishes)|All the best|Best|Regards|Cheers|Sincerely|Yours"
    r"|Thanks(?: a lot| again)?|Many thanks|Thank you|Thx|BR|(?:(?:Viele|Beste|Liebe|Schöne) )?Gr[uü](?:ß|ss)e?|[LV]G"
    r"|MfG|Mit freundlichen Gr[uü](?:ß|ss)en|Danke|Cordialement|Merci|Bien à (?:vous|toi)|(?:Un )?[Ss]aludos?"
    r"|Gracias|(?:Cordiali )?[Ss]aluti|Grazie|Abraços|Obrigad[oa])(?P<name> ?[,!.]? ?[^,.!?:;]{0,30}?)[,.!]?$"
)
_ADDED = compiled(r"P\.? ?S\b|(?:Oh|Also|BTW|By the way|(?:And )?[Oo]ne more thing)\b")
"""How words begin that somebody adds below their name."""

_SIGNED_LINES, _FOOT_LINES = 4, 14
_SIGNED_CHARS = 40


class Letter:
    """A mail: the ``writer``, empty where nobody is named, whom it answers, its ``lines``, and when it was sent.

    ``name`` is what the writer is called; by its words, and those of the address, a mail is signed.
    """

    def __init__(self, writer: str, answers: str = "", date: datetime | None = None, name: str = "") -> None:
        self.writer = writer
        self.name = " ".join(name.strip("\"' ").split()) or writer.partition("@")[0]
        self.answers = answers
        self.date = date
        self.lines: list[str] = []
        self.names = {*_WORDS.findall(f"{name} {writer.partition('@')[0]}".casefold())}

    def text(self) -> str:
        """Return what was written, without whom it greets and without the signature."""
        lines = self.lines[: self.lines.index("--")] if "--" in self.lines else self.lines
        whole = "\n".join(lines).strip("\n")
        lines = whole.split("\n")
        if _GREETS.match(lines[0]):
            del lines[0]
        for at in range(len(lines) - 1, max(0, len(lines) - _FOOT_LINES), -1):
            below = (it for it in range(at, len(lines)) if _ADDED.match(lines[it]))
            added = next(below, len(lines))
            has_foot = added - at >= _SIGNED_LINES
            signs = not has_foot or (_CLOSES.match(lines[at]) and self._signs(lines[at + 1].strip()))
            if signs and self._signs(lines[at].strip()) and not lines[at - 1].strip():
                del lines[at:added]
                break
        return "\n".join(lines).strip("\n") or whole

    def _signs(self, line: str) -> bool:
        """Return whether a line is how one ends, or the writer's name, or how that begins."""
        if not line or len(line) > _SIGNED_CHARS:
            return False
        closes = _CLOSES.match(line)
        words = _WORDS.findall((closes["name"] if closes else line).casefold())
        begins = {it[0] for it in self.names}
        return bool(closes or words) and all(it in self.names or (it in begins and len(it) == 1) for it in words)


_WORDS = compiled(r"[^\W\d_]+")


def is_thread(texts: list[str]) -> bool:
    """Return whether a text that begins so is a thread of mails: nobody speaks there in another way."""
    begins = [at for at, text in enumerate(texts) if text[:1] in _INITIALS]
    if not any(_headed(texts, at) or _attributed(texts, at) for at in begins):
        return False
    writers = {it[0].writer for at in begins if (it := _headed(texts, at))}
    first = next((at for at, text in enumerate(texts) if text.strip() and not _BETWEEN.match(text)), 0)
    if len(writers) > 1 and _headed(texts, first):
        return True
    for text in texts:
        if text.lstrip(" ").startswith(_SIGNS):
            return False
        if (mark := mark_in(text)) and mark.way not in (ALONE, DECORATED) and mark.role:
            return False
    return True


def in_order(texts: list[str]) -> list[str] | None:
    """Return the lines of a thread in the order of time, each mail below the role of who wrote it.

    None where no two people write.
    """
    letters, subject = _letters(texts)
    addresses = {it.name.casefold(): it.writer for it in letters if "@" in it.writer}
    for letter in letters:  # what is quoted is known by its writer's name alone
        letter.writer = addresses.get(letter.writer, letter.writer)
        letter.answers = addresses.get(letter.answers, letter.answers)
    letters = _dated(letters)
    writers = [it.writer for it in letters if it.writer]
    for at, letter in enumerate(letters):
        if not letter.writer:  # the newest, which names its reader only
            others = [it for it in reversed(writers) if it != letter.answers]
            letter.writer = others[0] if others else f"{letter.answers} answered {at}"
    roles = _roles(letters)
    if ASSISTANT not in roles.values():
        return None
    people = [writer for writer, role in roles.items() if role == USER]
    first, last = letters[0], next((it for it in reversed(letters) if roles[it.writer] == USER), None)
    lines: list[str] = []
    for letter in letters:
        role = roles[letter.writer]
        name = letter.name if role == USER and len(people) > 1 else ""
        lines += (f"<|im_start|>{role}{name and f' name={name}'}", *_fenced(letter.text().split("\n")), "")
        if letter is first and subject:
            lines[1:1] = (subject, "")
        if letter in (first, last) and letter.date and letter.text().count(" ") >= _LEAST_DATED:
            lines += (f"(sent {letter.date:%a, %d %b %Y, %H:%M})", "")
    return lines


def _fenced(lines: list[str]) -> list[str]:
    """Return the lines of a mail with what it shows, set in below an empty line, in fences: nobody says that."""
    fenced: list[str] = []
    is_open, last = False, ""
    for at, line in enumerate(lines):
        is_set_in = _SET_IN.match(line) is not None
        if is_open:
            goes_on = is_set_in or (not line and _SET_IN.match("".join(lines[at + 1 : at + 2])))
        else:
            goes_on = is_set_in and fenced[-1:] in ([""], []) and not _LISTED.match(last)
        if bool(goes_on) != is_open:
            fenced.append(_FENCE)
        is_open, last = bool(goes_on), line or last
        fenced.append(line)
    return [*fenced, _FENCE] if is_open else fenced


_FENCE = "```"
_SET_IN, _LISTED = compiled(r"(?: {3,}|\t)\S"), compiled(r"\s*(?:[-*+•] |\w{1,2}[.)] )| {2,}")


def _roles(letters: list[Letter]) -> dict[str, str]:
    """Return the role of each who wrote: the agent is who is known for one or does the work, else who answers first."""
    names: dict[str, str] = {}
    for it in letters:
        it.name = names.setdefault(it.writer, it.name or it.writer)
    found = roles_of([(it.name, False, it.text()) for it in letters])
    roles = {writer: found[name] for writer, name in names.items()}
    if ASSISTANT not in roles.values():
        roles.update(dict.fromkeys([*roles][1:2], ASSISTANT))
    return roles


_LEAST_DATED = 8
"""A mail that says a date is a long one: a short one only agrees, or is known by what it says."""


def _dated(letters: list[Letter]) -> list[Letter]:
    """Return the mails that say something, each once, the earliest first where all say when they were sent."""
    known: set[str] = set()
    found = []
    for letter in letters:
        same = " ".join(letter.text().split())[:_SAME_CHARS]
        if same and same not in known:
            known.add(same)
            found.append(letter)
    if all(it.date for it in found):
        found.sort(key=lambda it: it.date.timestamp() if it.date else 0.0)
    return found


def _letters(texts: list[str]) -> tuple[list[Letter], str]:
    """Return the mails in ``texts``, each after those that it quotes, and their subject."""
    parts: list[tuple[Letter | None, list[str]]] = [(None, [])]
    subject, at = "", 0
    while at < len(texts):
        headed = _headed(texts, at)
        if not headed:
            if not _BETWEEN.match(texts[at]):
                parts[-1][1].append(texts[at])
            at += 1
            continue
        letter, about, at = headed
        subject = subject or about
        parts.append((letter, []))
    has_top = any(it.strip() for it in parts[0][1])
    letters: list[list[Letter]] = [
        _unquoted(body, letter or Letter("", parts[1][0].writer if len(parts) > 1 and parts[1][0] else ""))
        for letter, body in parts
        if letter or has_top
    ]
    if has_top and len(parts) > 1:
        letters.reverse()
    return [it for part in letters for it in part], subject


def _headed(texts: list[str], at: int) -> tuple[Letter, str, int] | None:
    """Return a mail whose headers begin at a line, its subject, and where its text begins; None for other lines."""
    found = _FROM.match(texts[at].strip()) if at < len(texts) else None
    name, mail = (found["called"] or found["name"], found["hidden"] or found["mail"]) if found else ("", "")
    if not (name or mail):
        return None
    date, subject, count, end = None, "", 0, at + 1
    while end < min(len(texts), at + _HEADER_LINES):
        header = _HEADER.match(texts[end].strip())
        if not header and not (count and texts[end][:1] in (" ", "\t") and texts[end].strip()):
            break
        if header:
            count += 1
            date = _when(header["value"] or "") if header["date"] else date
            subject = _ANSWERS.sub("", header["value"] or "") if header["subject"] else subject
        end += 1
    writer = _writer(name, mail)
    if count < _LEAST_HEADERS or not writer:
        return None
    return Letter(writer, date=date, name=name or ""), subject, end


def _unquoted(body: list[str], letter: Letter, deep: int = 0) -> list[Letter]:
    """Return ``letter`` with what ``body`` says of its own, after the mails that are quoted there."""
    quoted: list[Letter] = []
    at = 0
    while at < len(body):
        attributed = _attributed(body, at) if deep < _MOST_DEEP else None
        if not attributed:
            letter.lines.append(body[at])
            at += 1
            continue
        writer, at = attributed
        letter.answers = letter.answers or writer
        begins = at
        while at < len(body) and (body[at] or "".join(body[at + 1 : at + 2]))[:1] == ">":
            at += 1
        inner = [found[1] if (found := _QUOTED.match(it)) else "" for it in body[begins:at]]
        quoted += _unquoted(inner, Letter(writer, date=letter.date), deep + 1)  # no later than what quotes it
    return [*quoted, letter]


def _attributed(texts: list[str], at: int) -> tuple[str, int] | None:
    """Return who wrote what is quoted below a line that says so, and where that begins; the line may be broken."""
    first = texts[at].strip()
    if not first.startswith(_BEGINS):
        return None
    for lines in (1, 2):
        found = _WROTE.match(" ".join(it.strip() for it in texts[at : at + lines]))
        if found:
            below = at + lines
            while below < len(texts) and not texts[below].strip():
                below += 1
            writer = _writer(found["name"] or found["whose"], found["mail"] or found["address"])
            return (writer, below) if texts[below : below + 1] and texts[below][:1] == ">" and writer else None
    return None


def _writer(name: str | None, mail: str | None) -> str:
    """Return who is meant by a name and an address, the same for all ways to write them."""
    return (mail or _NO_NAME.sub("", (name or "").strip("\"' "))).strip().casefold()


def _when(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return moment(text)
