"""Passwords told by their place: below a table's head, in a row that SQL inserts, in a list of who has which."""

from __future__ import annotations

from handoff_cli.core.patterns import compiled
from handoff_cli.redaction.escapes import as_rows
from handoff_cli.redaction.gate_words import HEADS, LISTS
from handoff_cli.redaction.layers import Layer
from handoff_cli.redaction.placeholders import is_masked, is_userinfo
from handoff_cli.redaction.plain import may_be
from handoff_cli.redaction.values import NUMBERED, looks_chosen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    _Row = tuple[int, list[tuple[int, int]]]


def told_by_tables(view: Layer) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of every password that a table, a row or a list tells."""
    yield from _in_columns(view)
    yield from _inserted(view)
    yield from _copied(view)
    yield from _listed(view)
    if "<th" in view.folded:
        rows = as_rows(view)
        yield from (rows.outer(*span) for span in _in_columns(rows))


def head_going_on(text: str) -> tuple[str, str]:
    """Return the head of the table of passwords whose rows ``text`` ends with, in lines, and what has begun of a row.

    '' where it ends with no row.
    """
    for start, end, _, rows in _tables(Layer(text)):
        below = max(end, rows.last_end())
        begun = text[below:].partition("\n")[2]
        if not begun.strip() or (begun.count('"') % 2 and len(begun) < _WIDEST_ROW):
            return text[start : end + 1], begun
    return "", ""


def _in_columns(view: Layer) -> Iterator[tuple[int, int]]:
    """Yield the cells of tables below a head that calls them passwords."""
    text = view.text
    for start, end, columns, rows in _tables(view):
        of_people = compiled(_OF_PEOPLE).search(text, start, end) is not None
        judged: dict[str, bool] = {}
        for at, cells in rows:
            for first, last in [cells[column] for column in columns]:
                cell = text[at + first : at + last]
                if cell not in judged:
                    if len(judged) == _MOST_KNOWN:
                        judged.clear()
                    judged[cell] = _may_be_kept(cell, of_people=of_people)
                if judged[cell]:
                    yield at + first, at + last


def _may_be_kept(cell: str, *, of_people: bool) -> bool:
    """Return whether a cell below such a head is a password; ``of_people``: where another tells who has it."""
    told = _is_kept_secret(cell) or (of_people and _is_plain_choice(cell))
    return told and (cell.isalnum() or not compiled(_OF_CODE).search(cell))


def _is_plain_choice(cell: str) -> bool:
    """Return whether a cell that is a plain word can be a password, where who has it stands in another."""
    if not _LEAST_CELL <= len(cell) <= _WIDEST_CHOICE:
        return False
    from handoff_cli.redaction.sentences import is_plain_choice

    return is_plain_choice(cell, abroad=True)


def _tables(view: Layer) -> Iterator[tuple[int, int, list[int], _Rows]]:
    """Yield of each table where its head begins and ends, which columns hold passwords, and its rows, to be read."""
    text, done = view.text, -1
    ends = [at + len(word) for word in HEADS for at in view.index.places(word)]
    for at in sorted(ends + [end for _, end in view.beyond_ascii(HEADS)]):
        behind = text[at : at + _MOST_SIGNS].lstrip("\"'`*")
        if at < done or (behind.lstrip(" ")[:1] not in _ENDS_HEAD and behind[:2] != "  "):
            continue
        start = text.rfind("\n", max(at - _WIDEST, 0), at) + 1 or max(at - _WIDEST, 0)
        end = text.find("\n", at, at + _WIDEST)
        done = end if end >= 0 else at
        for mark in _MARKS if end >= 0 else ():
            if text.find(mark, start, end) < 0:
                continue
            cells = _cells(text[start:end], mark)
            heads = [text[start + first : start + last] for first, last in cells]
            if mark == "," and compiled(_STATEMENT).match(heads[0]):
                break
            columns = [number for number, head in enumerate(heads) if _is_head(head)]
            listed = mark in ",;" and (text[start].isspace() or not heads[-1])  # as in code, not in a file of rows
            named = sum(map(bool, heads)) > 1 and all(compiled(_HEAD).fullmatch(head) for head in heads)
            if columns and named and not listed:
                rows = _Rows(text, end + 1, mark, len(cells))
                yield start, end, columns, rows
                done = max(done, rows.end)
                break


class _Rows:
    """The rows of a table from ``at`` on: where each begins and its cells stand in it, as many as ``count`` of them."""

    def __init__(self, text: str, at: int, mark: str, count: int) -> None:
        self._text, self._at, self._count = text, at, count
        self._sign = mark if mark != "||" else "|"
        self.end = -1
        """Where the last one that was read ends."""

    def __iter__(self) -> Iterator[_Row]:
        known: dict[str, list[tuple[int, int]]] = {}
        for at, row in self._lines():
            cells = known.get(row)
            if cells is None:
                if len(known) == _MOST_KNOWN:
                    known.clear()
                cells = known[row] = _cells(row, self._sign)
            if len(cells) != self._count:
                return
            self.end = at + cells[-1][1]
            yield at, cells

    def last_end(self) -> int:
        """Return where the last row ends, -1 without one: cells are counted, as it is asked of many rows at a time."""
        last, sign = (0, ""), self._sign
        for at, row in self._lines():
            plain = sign in "\t;," and '"' not in row
            if (row.count(sign) + 1 if plain else len(_cells(row, sign))) != self._count:
                break
            last = at, row
        if last[1]:
            self.end = last[0] + _cells(last[1], sign)[-1][1]
        return self.end

    def _lines(self) -> Iterator[tuple[int, str]]:
        """Yield where each line that may be a row begins, and the line, without those that only divide rows."""
        text, at, quotes = self._text, self._at, self._sign in ",;"
        while at < len(text):
            end = _row_end(text, at, at + _WIDEST_ROW)
            while quotes and text.count('"', at, end) % 2 and end < min(len(text), at + _WIDEST_ROW):
                end = _row_end(text, end + 1, at + _WIDEST_ROW)  # a line's end in quotes ends no row
            row = text[at:end]
            if row.strip(_RULE):
                yield at, row
            elif end == at:
                return
            at = end + 1


def _row_end(text: str, at: int, limit: int) -> int:
    end = text.find("\n", at, limit)
    return end if end >= 0 else min(len(text), limit)


def _inserted(view: Layer) -> Iterator[tuple[int, int]]:
    """Yield the values that SQL inserts into a column of passwords."""
    for at in (*view.index.places("insert"), *view.index.places("replace into")):
        told = compiled(_INSERT).match(view.text, at)
        columns = told[1].split(",") if told else []
        wanted = [number for number, column in enumerate(columns) if _is_head(column.strip(_AROUND + "[]"))]
        row = compiled(_ROW).match(view.text, told.end()) if told and wanted else None
        while row:
            values = [*compiled(_FIELD).finditer(view.text, *row.span(1))]
            for number in wanted if len(values) == len(columns) else ():
                value = values[number][1]
                if value and (_is_kept_secret(value) or may_be(value, quoted=True)):
                    yield values[number].span(1)
            row = compiled(_ROW).match(view.text, row.end())
        if not told:
            yield from _inserted_whole(view.text, at)


def _copied(view: Layer) -> Iterator[tuple[int, int]]:
    """Yield the values that a dump of PostgreSQL copies into a column of passwords."""
    for at in view.index.places("copy "):
        told = compiled(_COPY).match(view.text, at)
        columns = told[1].split(",") if told else []
        wanted = [number for number, column in enumerate(columns) if _is_head(column.strip(_AROUND))]
        for begins, cells in _Rows(view.text, told.end(), "\t", len(columns)) if told and wanted else ():
            for first, last in ((begins + cells[number][0], begins + cells[number][1]) for number in wanted):
                if _is_kept_secret(view.text[first:last]) or may_be(view.text[first:last], quoted=True):
                    yield first, last


def _inserted_whole(text: str, at: int) -> Iterator[tuple[int, int]]:
    """Yield what looks chosen behind a name, in rows that SQL inserts whole into a table of users."""
    told = compiled(_INSERT_WHOLE).match(text, at)
    row = compiled(_ROW).match(text, told.end()) if told else None
    while row:
        values = [value for value in compiled(_FIELD).finditer(text, *row.span(1)) if value[1]]
        yield from (value.span(1) for value in values[1:] if looks_chosen(value[1]) >= NUMBERED)
        row = compiled(_ROW).match(text, row.end())


def _listed(view: Layer) -> Iterator[tuple[int, int]]:
    """Yield what looks chosen in the entries of a list of who has which: ``users:``, ``[passwords]``, ``CREDS = {``."""
    text, done = view.text, 0
    for word in LISTS:
        for at in view.index.places(word):
            head = compiled(_LIST_HEAD).match(text, at + len(word)) if at >= done else None
            while head:
                line_end = text.find("\n", head.end(), head.end() + _WIDEST)
                end = line_end if line_end >= 0 else min(len(text), head.end() + _WIDEST)
                rest = text[head.end() : end]
                told = any(sign in rest for sign in ":=,")
                entries = [*compiled(_ENTRY).finditer(text, head.end(), end)] if told else []
                for entry in entries:
                    if _is_listed(entry[1], entry[2], word):
                        yield entry.span(2)
                done = end
                begins = rest.strip(" \t\r[{(")
                head = compiled(_NEXT_LINE).match(text, end) if entries or not begins else None


def _is_listed(name: str, value: str, word: str) -> bool:
    strength = looks_chosen(value)
    return name.lower() not in _NO_USERS and (strength >= NUMBERED or (strength > 0 and word not in _LOOSE))


def _cells(line: str, mark: str) -> list[tuple[int, int]]:
    """Return where the cells of a ``line`` begin and end, without blanks and quotes around them."""
    cells, at, inside = [], 0, line
    if mark in {"|", "||", "\u2502"}:
        bare = line.strip()
        if bare.startswith(mark) and bare.endswith(mark) and len(bare) > 2 * len(mark):
            at = line.index(mark) + len(mark)
            inside = line[at : line.rindex(mark)]
    apart = len(mark)
    if mark == "  ":
        parts, apart = compiled(r"[ \t]{2,}").split(inside), 0  # as many blanks as there are
    else:
        parts = (_quoted_cells(inside, mark) if mark in ",;" and '"' in inside else []) or inside.split(mark)
    for part in parts:
        first = at if apart else line.index(part, at)
        at = first + len(part) + apart
        value = part.strip(_AROUND)
        if len(value) < len(part):
            first += len(part) - len(part.lstrip(_AROUND))
        cells.append((first, first + len(value)))
    return cells


def _quoted_cells(line: str, mark: str) -> list[str]:
    """Return the cells of a line in which a mark in quotes ends none; nothing where a quote is not closed."""
    parts = compiled(_QUOTED_CELL[mark]).findall(line)
    return parts if mark.join(parts) == line else []


def _is_head(cell: str) -> bool:
    folded = cell.lower()
    if not folded.endswith(HEADS):
        return False
    inside = any(folded.endswith(head) and folded[: -len(head)][-1:].isalpha() for head in _SHORT_HEADS)
    return not inside or folded.endswith(_ENDS_OF_WORDS)


def _is_kept_secret(cell: str) -> bool:
    """Return whether a cell below such a head is more than a word, a sign or a gap."""
    if len(cell) < _LEAST_CELL or " " in cell or (not cell.isascii() and max(cell) > _LAST_LATIN):
        return False
    more = (not cell.isalpha() and not cell.isupper() and any(map(str.isalpha, cell))) or cell.isdigit()
    return more and is_userinfo(cell) and not is_masked(cell)


_INSERT = r"(?i)(?:insert|replace)\s{1,8}(?:ignore[ \t]{1,4})?into\s{1,8}[\w.`\"\[\]]{1,80}\s{0,8}\(([^()]{1,400})\)\s{0,8}values?"
_COPY = r"(?i)copy[ ][\w.\"]{1,80}[ ]?\(([^()\n]{1,400})\)[ ]from[ ]stdin[^\n]{0,80}\n"
_OF_PEOPLE = (
    r"(?i)\b(?:user|log-?in|e?-?mail|account|name|nick|member|customer|owner|host|server|site|url|device|router|ip|ssid|wi-?fi|network|service|title|db|database|benutzer|nutzer|konto|usuario|usu\u00e1rio"
    r"|utilisateur|compte|utente|gebruiker|u\u017cytkownik|cuenta|conta|nombre|nome|nom|\u043b\u043e\u0433\u0438\u043d|\u7528\u6237\u540d?)"
)
"""What a table of who has which has in its head."""
_INSERT_WHOLE = (
    r"(?i)insert\s{1,8}(?:ignore[ \t]{1,4})?into\s{1,8}"
    r"[\w.`\"\[\]]{0,60}(?:user|account|cred|login|member|auth|passw|admin|secret|customer)[\w.`\"\[\]]{0,20}\s{0,8}values?"
)
_LOOSE = frozenset(("users", "accounts"))
_NO_USERS = frozenset((
    "name", "role", "email", "image", "type", "version", "path", "source", "group", "shell", "home", "file", "id",
    "host", "key", "file", "provider", "profile", "url", "user", "username", "login",
))  # fmt: skip
_LIST_HEAD = r"[\"'\]]{0,2}[ \t]{0,4}(?:[:=]{1,2}>?[ \t]{0,4})?(?=[\[{(\r\n])"
_ENTRY = (
    r"[\"']?([\w.@-]{1,64})[\"']?[ \t]{0,4}(?:=>?|[:,])[ \t]{0,4}[\"']?"
    r"([A-Za-z0-9][A-Za-z0-9!#$%&*?@^~_.+-]{6,63})[\"']?(?=[ \t]{0,4}(?:[,;})\]#\r\n]|\Z))"
)
_NEXT_LINE = r"\r?\n[ \t]{0,40}(?=\S)"
_SHORT_HEADS, _ENDS_OF_WORDS = (
    ("pw", "pass"),
    ("userpass", "dbpass", "adminpass", "rootpass", "mailpass", "dbpw", "userpw"),
)
"""What a word ends with that means something else, but for these: ``multipass``, ``vchkpw``."""
_ROW = r"[\s,]{0,8}\(((?:[^()'\"]|'[^'\n]{0,400}'|\"[^\"\n]{0,400}\"){1,2000})\)"
_FIELD = r"\s{0,8}(?:[NE]?['\"]([^'\"\n]{0,400})['\"]|[^,]{1,400}),?"
_HEAD = r"[^\W_][\w .#/-]{0,39}(?:\([\w ]{1,20}\))?|"
_STATEMENT = r"(?:from|import|return|def|class|if|for|print|assert|raise|with|var|let|const|use|using|export|yield)[ ]"
_OF_CODE = r"[(){}\[\]<>\"'`=\u2192]|:\Z|\A[#/]"
_MOST_SIGNS, _ENDS_HEAD = 24, "\t|;,\u2502\n\r"
_QUOTED_CELL = {mark: rf"(?:\A|(?<={mark}))((?:\"(?:[^\"]|\"\")*\")?[^{mark}\"]*)(?={mark}|\Z)" for mark in ",;"}
_MARKS = ("\t", "||", "|", "\u2502", ";", ",", "  ")
_AROUND = " \t\r\"'`*|\u2502"
_RULE = " \t\r|+:=-\u2502\u2500\u253c\u251c\u2524\u2550\u256a"
_MOST_KNOWN = 1 << 10
"""So many different rows and cells of a table are kept: the same ones come again."""
_WIDEST, _WIDEST_ROW, _LEAST_CELL, _WIDEST_CHOICE, _LAST_LATIN = 400, 1 << 12, 5, 48, "\u024f"
