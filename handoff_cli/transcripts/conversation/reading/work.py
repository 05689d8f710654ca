"""What the lines of a turn tell of work done: files, commits, whether a command failed, and with which code."""

# ruff: noqa: RUF001 (signs as they stand on screens)
from __future__ import annotations

import re
from collections import deque
from itertools import pairwise
from shlex import quote as quoted

from handoff_cli.core.patterns import compiled
from handoff_cli.core.record import Record
from handoff_cli.core.tool_names import MENTION
from handoff_cli.transcripts.conversation.marks.speakers import ASSISTANT, SYMBOLS, USER
from handoff_cli.transcripts.conversation.reading.committed import committed_on, committed_within
from handoff_cli.transcripts.conversation.reading.todos import todos_at
from handoff_cli.transcripts.outcomes import code_on, outcome_of
from handoff_cli.transcripts.tools import told_commit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.transcripts.conversation.reading.talk import Placed, Talk


OF_OUTPUT = ("", "text", "txt", "output", "console", "log", "plaintext")
"""What a block that holds an output says of its language."""

EDGE_LINES = 200
"""So many lines are kept of the beginning of an output, and as many of its end."""

_DID = compiled(
    rf"(?:[>*-] )?{SYMBOLS}?(?:\*\*?|_)?(Edited|Updated|Modified|Created|Wrote|Wrote to|Added|Deleted|Removed|Read"
    rf"|Viewed|Applied edit to|Saved|Patched|Rewrote|Renamed"
    r"|Made changes to|Changed|Editing|Writing|Reading|Creating"
    r"|Geändert|Bearbeitet|Erstellt|Modifié|Créé|Editado|Creado"
    r"|New(?: file)?|Neu(?:e Datei)?|Nouveau(?: fichier)?|Nuevo(?: archivo)?|編集|変更|更新|作成|新規(?:作成)?)"
    r"(?: file| to| in)?(?:\*\*)?:? (.{1,2000})$"
)
_I_DID = compiled(
    r"(?:(?:Done|OK|Okay|Sure|Right|Great|Agreed|Fixed|Good|Yes)\b[,.!:;\u2014\u2013 -]{1,3})?"
    r"(?:[Ii](?:['\u2019]ve| have)? )?(?:also |now |just )?([a-z])"
)
"""How a line begins by which somebody says what they did to a file that is shown below it."""

_DID_ABROAD = compiled(
    r"(?:我?已经?(?P<zh>修改|更新|更改|编辑|调整|创建|新建|删除)了? ?"
    r"|[Jj]['\u2019]ai (?P<fr>modifié|changé|mis à jour|créé|supprimé) (?:le fichier )?"
    r"|(?:He|Ho|Eu) (?P<es>cambiado|modificado|actualizado|creado|eliminado|modificato|aggiornato|creato|alterei"
    r"|criei) (?:el archivo |il file |o arquivo )?)(?P<after>\S.{0,300})$"
    r"|(?:[Ii]ch habe |[Hh]abe )?(?P<before>[`\w./~@-].{0,300}?) ?"
    r"(?P<de>geändert|angepasst|aktualisiert|erstellt|gelöscht|を(?:修正|変更|更新|作成|削除)しました)$"
)
_MADE_ABROAD = compiled(r"创建|新建|créé|creado|creato|criei|erstellt|を作成")
_GONE_ABROAD = compiled(r"を削除|gelöscht|删除|supprimé|eliminado")
"""How it is said in other languages, and what is said of a file that is made or gone."""

_ACTIONS = {
    **dict.fromkeys(("Created", "Creating", "Erstellt", "Créé", "Creado", "Wrote", "Wrote to", "Writing"), "Write"),
    **dict.fromkeys(("New", "New file", "Neu", "Neue Datei", "Nouveau", "Nouveau fichier", "Nuevo"), "Write"),
    **dict.fromkeys(("Nuevo archivo", "作成", "新規", "新規作成"), "Write"),
    **dict.fromkeys(("Read", "Reading", "Viewed"), "Read"),
    **dict.fromkeys(("Deleted", "Removed"), "Delete"),
}
_PATH = compiled(
    r"`?(?P<path>(?:[\w@~.+-]*[/\\])*[\w@.+\[\]-]*\.[A-Za-z][\w]{0,12}"
    r"|(?:[\w@~.+-]+[/\\])+[\w@.+-]+|Makefile|Dockerfile|Justfile)`?(?: ?\([^()]*\)| \+\d{1,6} [-−–]\d{1,6})?[.,:]?"
)
_LINK = compiled(r"\[[^\[\]]{1,200}\]\((?:file://)?([^()\s]{1,400})\)")
_EXPLAINED = compiled(r"(?<=[\w`]):? [—–-] .*$|(?<=[\w`]): .*$")
_EXIT = compiled(r"[\s\[(>*`]*(?:exit|exited|process|command|error|status|rc|return|\W{1,3}\s*exit)", re.IGNORECASE)
_NAMED_PATH = compiled(
    r"(?<![\w/.:@%-])((?:~|\.{1,2})?(?:[\w.@+-]{0,60}/){0,12}[\w@+-][\w.@+-]{0,80}\.[A-Za-z]\w{0,7})(?=$|[\s:;,)\]}'\"`?!#]|\.(?!\w))(?::(\d{1,6}))?"
)
_SUFFIXES = frozenset(
    """
    c cc cfg cpp cs css csv dart ex exs gd glsl go h hpp html ini ipynb java js json jsx kt lock lua md mjs mk
    php pl proto py pyi rb rs rst sass scala scss sh sql svelte swift tf toml ts tsx txt vue xml yaml yml zig
    """.split()  # noqa: SIM905 (a list of words is read as one)
)
PROGRAM = (
    r"(?:\./|(?:bash|sh|python3?|pytest|npm|npx|yarn|pnpm|node|deno|bun|go|cargo|make|just|mvn|gradle|dotnet|ruby|rake"
    r"|bundle|rspec|php|composer|vendor/bin/\w+|docker|kubectl|terraform|git|ruff|mypy|eslint|tsc|jest|vitest|tox|nox|uv"
    r"|poetry|cmake|ctest|swift|flutter|mix|sbt|psql|nginx|curl|bats|phpunit|bazel)(?=[ `:]))"
)
_RAN = compiled(
    r"\b(?:[Rr]an:?|[Rr]unning|[Ee]xecuted|[Tt]ried) `([^`\n]{2,400})`([^\n]{0,400})"
    rf"|`({PROGRAM}(?!:)[^`\n]{{0,400}})`([^\n]{{1,400}})"
)
_RAN_PLAINLY = compiled(
    rf"(?:^(?:[-*] )?|[.;] )(?:(?:I|[Ww]e|[Tt]hen|[Aa]lso) ){{0,2}}[Rr]an:? ({PROGRAM}(?:[^`\n:;→]|:(?=\S)){{0,160}}?)"
    r"(?:: | (?:→|[-=]>) )([^.;\n]{1,400})"
    rf"|(?:^(?:[-*] )?|[.;] )({PROGRAM}(?: [\w./:=-]{{1,80}}){{1,8}})"
    r"(?:: | (?:→|[-=]>) )(?=\d+ (?:tests? )?(?:passed|failed|passing|failing|failures?|errors?|ok)\b)([^.;\n]{1,400})"
)
"""A command within a sentence that is not set apart from its words: what came of it stands behind a sign."""

_MAY_HAVE_RUN = compiled(r"[Rr]an\b|(?:: |> |→ )\d")

_OF_A_SENTENCE = compiled(
    r",(?: |$)| (?:is|are|on|in|the|a|again|twice|with|and|for|to|from|over|locally|once|my|all|without)(?: |$)"
)
_OTHERWISE = compiled(
    r"\b(?:should|would|could|might|before|previously|earlier|used to|no longer|until|expect\w*|instead|never|without"
    r"|fixe[sd]|not(?! found)|\w+n't)\b",
    re.IGNORECASE,
)
"""Words with which what came of a run is compared with another one, or denied."""

_TO_COME = compiled(r"^[^.;]{0,40}\b(?:should|will|must|would|until|if|when|to see|soll|muss|wird)\b", re.IGNORECASE)
_FAILS = compiled(
    r"\b(?:fail(?:s|ed|ure|ures|ing)?|\w*error|\w*exception|exit(?:s|ed)?(?: code)? [1-9]|crash(?:es|ed)?"
    r"|refused|denied|not found|timed out|fehlgeschlagen|scheitert|fall(?:ó|an?|aron|ando)|échou\w+|falh(?:ou|am?)"
    r")\b",
    re.IGNORECASE,
)
_PASSES = compiled(r"\b(?:pass(?:es|ed)?|succeed(?:s|ed)|green|works|ok|up[ -]to[ -]date)\b", re.IGNORECASE)


_GIVES = compiled(
    r"[^.;`]{0,40}\b(?:gives?|gave|says?|said|prints?|printed|shows?|showed|reports?|reported|outputs?|returns?|returned"
    r"|ends? (?:with|in)|result(?:s in)?|liefert|zeigt|sagt|meldet)\b[^.;`]{0,30}:\s*"
)
_SAYS_WHAT = compiled(r"\s{0,3}(?:[:;,=(\[→—–-]|(?:gives?|gave|and (?:it|got)|it|printed|says|which)\b)")
"""What stands before what came of a command, where it is not told why it was run."""

_BARE = compiled(
    r"(?:npm|npx|node|deno|bun|go|cargo|python3?|docker|kubectl|terraform|git|uv|poetry|php|ruby|curl|psql)"
)
"""Programs that do nothing by themselves: their name alone is no command."""

_IN_CODE, _NONE = compiled(r"[\w.:]+\("), compiled(r"\b(?:0|no) (?:fail\w*|errors?)", re.IGNORECASE)
"""A call in some language is no command; none that failed is no failure."""


class Output:
    """Lines of an output of any length: the first and the last are kept."""

    def __init__(self) -> None:
        self._first: list[str] = []
        self._last: deque[str] = deque(maxlen=EDGE_LINES)

    def add(self, line: str) -> None:
        """Take in a line."""
        (self._first if len(self._first) < EDGE_LINES else self._last).append(line)

    def __bool__(self) -> bool:
        """Whether there is any line."""
        return bool(self._first)

    def text(self) -> str:
        """Return the text without the indent that all lines have, and without empty lines around it."""
        lines = [*self._first, *self._last]
        indent = min((len(it) - len(it.lstrip()) for it in lines if it.strip()), default=0)
        return "\n".join(it[indent:] for it in lines).strip("\n")


def unbroken(lines: list[str], width: int) -> str:
    """Return what a command printed without the breaks amid words that a screen of ``width`` columns put into it."""
    full = max(map(len, lines))
    if not width or not width - _MARGINS <= full <= width:
        return "\n".join(lines)
    whole = lines[:1]
    for before, line in pairwise(lines):
        if len(before) == full and before[-1].isalnum() and line[:1].isalnum():
            whole[-1] += line
        else:
            whole.append(line)
    return "\n".join(whole)


_MARGINS = 10
"""So many columns of a screen are left of a result, and right of it."""


def done(talk: Talk, text: str) -> list[Placed] | None:
    """Read a line that tells of a commit, an exit code, or begins a list of to-dos."""
    if talk.last_run and _EXIT.match(text) and (code := code_on(text)) is not None:
        talk.cursor.take()
        return talk.answer_again(code)
    if text[:1] in "CI>*-" and (commit := committed_on(text)):
        return _committed(talk, *commit[:2], says_more=commit[2])
    if talk.role == ASSISTANT and not talk.commits and (within := committed_within(text)):
        return _committed(talk, *within, says_more=True)
    if talk.role == USER:
        return None
    return todos_at(talk, text)


def _committed(talk: Talk, hash_: str, subject: str, *, says_more: bool) -> list[Placed]:
    """Return the commit that the next line tells of; it is said as well where it says more."""
    text, shown = talk.cursor.take(), talk.commits
    subject = subject or (talk.cursor.peek() or "").strip(" -*•") if text[-1:] == ":" else subject  # of its list
    run = {"command": f"git commit -m {quoted(subject)}" if subject else "git commit"}
    answer = told_commit(hash_, subject or text.rpartition(hash_)[2].lstrip("`: ").partition(". ")[0])
    events = [*talk.call("Bash", run), *talk.answer(answer, failed=False, code=0, last=True)]
    talk.commits = shown  # by a call, beside which words tell of no others
    return [*events, *talk.say(text)] if says_more else events


def is_path(text: str) -> bool:
    """Return whether a line is the path of a file and nothing else."""
    return _PATH.fullmatch(text.strip()) is not None


def names_file(text: str) -> bool:
    """Return whether a word is a file's name beyond doubt: it has a folder, or ends as files with code or text do."""
    return is_path(text) and ("/" in text.strip("/") or text.rpartition(".")[2].lower() in _SUFFIXES)


def paths_in(text: str) -> tuple[str, list[str], str] | None:
    """Return the tool and the paths that a line tells of, and what it says besides; None where it is a sentence."""
    before = ""
    if text.endswith((":", "：")):
        head, _, last = text.rpartition(". ")
        if abroad := _DID_ABROAD.match(last[:-1].rstrip()):
            text, before = _as_here(abroad), head
        elif mine := _I_DID.match(last):
            text, before = f"{mine[1].upper()}{last[mine.end() :]}", head
    did = _DID.match(text) if "." in text or "/" in text else None
    if not did:
        return None
    told = _LINK.sub(r"\1", did[2].strip(" *_"))
    named = _EXPLAINED.sub("", told)
    found = [_PATH.fullmatch(part.strip()) for part in _BETWEEN_PATHS.split(named)]
    paths = [it["path"].strip("`") for it in found if it and not it["path"].replace("/", "").isdigit()]
    known = paths and len(paths) == len(found)
    return (_ACTIONS.get(did[1], "Edit"), paths, before or told[len(named) :].strip(" :—–-.")) if known else None


_BETWEEN_PATHS = compiled(r", (?=[\w`./~@]*[./])| and | und | et | y | e | ?[和、及] ?|と(?=[\w`./~@])")


def _as_here(abroad: re.Match[str]) -> str:
    """Return what a line in another language says was done to files, in the words of the others."""
    told = next(abroad[it] for it in ("zh", "fr", "es", "de") if abroad[it])
    made = "Created" if _MADE_ABROAD.match(told) else "Edited"
    return f"{'Deleted' if _GONE_ABROAD.match(told) else made} {abroad['after'] or abroad['before']}:"


class Folders:
    """Knows the paths that files were named by, to tell where one of a bare name lies."""

    _MOST, _MOST_ALIKE = 500, 8

    def __init__(self) -> None:
        self._paths: dict[str, list[str]] = {}

    def take(self, path: str) -> None:
        """Take in a path that somebody names."""
        name = path.rpartition("/")[2]
        if name != path and (name in self._paths or len(self._paths) < self._MOST):
            same = self._paths.setdefault(name, [])
            if path not in same and len(same) < self._MOST_ALIKE:
                same.append(path)

    def take_all(self, touches: list[tuple[str, str]]) -> None:
        """Take in the paths of the files that a call deals with."""
        for path, _ in touches:
            self.take(path)

    def whole(self, path: str, near: str = "") -> str:
        """Return a path that was told with its folder, if it had none and only one file of that name was named.

        So is one of which a screen left out folders in the middle (``src/.../kiln.py``), also by words ``near`` it.
        """
        begins, left_out, end = path.replace("\\", "/").partition("/.../")
        if not left_out:
            self.take(path)
        same = self._paths.get(end or path, ())
        if left_out:
            named = dict.fromkeys((*same, *(it[1] for it in _NAMED_PATH.finditer(near))))
            same = [it for it in named if it.startswith(f"{begins}/") and it.endswith(f"/{end}")]
        return same[0] if len(same) == 1 else path

    def declaring(self, code: str) -> str:
        """Return the one file named so far that is called as a type which ``code`` declares; empty if none is."""
        types = {*_DECLARES.findall(code)}
        found = [path for name, same in self._paths.items() if name.partition(".")[0] in types for path in same]
        found = [path for path in found if path.endswith(_NAMED_BY_TYPE)]
        return found[0] if len(found) == 1 else ""


_NAMED_BY_TYPE = (".java", ".kt", ".cs", ".swift", ".scala", ".php", ".dart")
"""Files called as the one type that they declare, where the language or its custom wants it."""

_DECLARES = compiled(
    r"(?m)^[ +-] ?(?:[a-z]+ ){0,4}(?:class|interface|enum|record|struct|trait|protocol|object) ([A-Z]\w{2,80})"
)
"""A declaration at the outer level of a file, in a diff."""


class Noticed(Record):
    """What somebody's words tell of: a command that was run and how it ended, or a file that they name."""

    line: int
    command: str = ""
    output: str = ""
    failed: bool | None = None
    code: int | None = None
    file: str = ""

    def events(self, talk: Talk) -> list[Placed]:
        """Return it as the events of a call."""
        name, given = ("Bash", {"command": self.command}) if self.command else (MENTION, {"file_path": self.file})
        return [
            *talk.call(name, given, self.line),
            *talk.answer(self.output, self.failed if self.command else False, self.code, last=True),
        ]


def noticed(lines: list[str], number: int) -> Iterator[Noticed]:
    """Yield what ``lines``, from line ``number`` on, say was run, and the files they name."""
    for at, line in enumerate(lines):
        for found in _RAN.finditer(line) if "`" in line else ():
            run, after = (found[1], found[2]) if found[1] else (found[3], found[4])
            gives = _GIVES.fullmatch(after) and any(map(_holds_output, lines[at + 1 : at + 3]))
            printed = _fence_below(lines, at) if gives else ""
            told = printed or _FAILS.search(after) or _PASSES.search(after)
            if _IN_CODE.match(run) or _BARE.fullmatch(run) or (not found[1] and (_TO_COME.search(after) or not told)):
                continue
            says = told or _SAYS_WHAT.match(after)
            output = printed or (_first_said(after) if says else "") or _fence_below(lines, at)
            yield told_run(run, output, number + at)
        for found in _RAN_PLAINLY.finditer(line) if "`" not in line and _MAY_HAVE_RUN.search(line) else ():
            run, after = (found[1], found[2]) if found[1] else (found[3], found[4])
            is_run = not (
                _OF_A_SENTENCE.search(run) or _BARE.fullmatch(run) or _OTHERWISE.search(after.partition("(")[0])
            )
            if is_run and (ended := told_run(run, after, number + at)).failed is not None:
                yield ended
        for found in _NAMED_PATH.finditer(line):
            path = found[1]
            if path.startswith(("a/", "b/")) and line.startswith(("--- ", "+++ ", "diff ")):
                path = path[2:]  # git's names of the sides
            suffix = path.rpartition(".")[2]
            is_file = suffix.lower() in _SUFFIXES and (suffix.islower() or suffix.isupper())  # ``Style.Csv`` is code
            if (is_file or "/" in path) and not _LIBRARY.fullmatch(path):
                yield Noticed(number + at, file=path)


def _first_said(after: str) -> str:
    """Return the sentence that tells behind a command what came of it, without what follows."""
    return _SENTENCE_ENDS.split(after, maxsplit=1)[0].strip(" .:,;→—–")


_SENTENCE_ENDS = compiled(r"(?<=[^\W\d][.!?])\s+(?=[A-Z])|(?<=\d[.!?])\s+(?=[A-Z])|(?<=[)\"`][.!?])\s+(?=[A-Z])")

_LIBRARY = compiled(
    r"(?:Alpine|Angular|Backbone|Chart|Commander|D3|Day|Discord|Electron|Ember|Express|Handlebars|Meteor|Moment|Nest|Next"
    r"|Node|Nuxt|P5|PDF|React|Solid|Three|Vue|alpine|discord|ember|express|nest|next|node|nuxt|three|vue)\.js"
)
"""Libraries that are called as a file would be."""


def told_run(run: str, output: str, number: int) -> Noticed:
    """Return the command ``run`` with what is said to have come of it."""
    failed, code = outcome_of(run, output)
    if failed is None:
        passed = bool(_PASSES.search(output) or _NONE.search(output))
        fails = bool(_FAILS.search(_NONE.sub("", output)))
        failed = fails if passed != fails else None  # "what failed passes now" tells of two runs
    return Noticed(number, run, output, failed, code)


def _holds_output(line: str) -> bool:
    """Return whether ``line`` opens a fenced block of what was printed."""
    return line.startswith("```") and line.strip("` ") in OF_OUTPUT


def _fence_below(lines: list[str], at: int) -> str:
    """Return the text of a fenced block that begins right below line ``at``, empty text where none does.

    One that says that it holds an output may stand below an empty line.
    """
    apart = lines[at + 1 : at + 2] == [""]
    at += apart
    if len(lines) < at + 2 or not lines[at + 1].startswith("```") or (apart and not _holds_output(lines[at + 1])):
        return ""
    ends = next((end for end in range(at + 2, len(lines)) if lines[end].startswith("```")), len(lines))
    return "\n".join(lines[at + 2 : min(ends, at + 2 + EDGE_LINES)])
