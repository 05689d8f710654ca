"""What a command changes by the means of the shell itself: files that it writes, deletes, or replaces words in."""

from __future__ import annotations

from itertools import islice
from posixpath import join, normpath

from handoff_cli.core.patterns import DOTALL, MULTILINE, lazily
from handoff_cli.transcripts.events import WRITTEN

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

_HERE = lazily(
    r"(?:\bcat\s*(?P<how>>>?)\s*(?P<one>[^\s<>|;&]+)\s*<<|\bcat\s*<<|\btee\s+(?:-a\s+)?(?P<tee>[^\s<>|;&]+)[^\n<]{0,40}<<)"
    r"-?\s*['\"]?(?P<mark>\w+)['\"]?(?:[^\S\n]*(?P<how2>>>?)\s*(?P<two>[^\s<>|;&]+))?[^\n]*\n(?P<body>.*?)\n?^[^\S\n]*(?P=mark)[^\S\n]*$",
    DOTALL | MULTILINE,
)
_ECHO = lazily(
    r"(?:^|[;&|(]\s*|\n[^\S\n]*)(?P<verb>echo|printf)\s+(?P<raw>-\w*e\w*\s+)?(?:-\w+\s+)?"
    r"(?P<words>\"(?:\\.|[^\"\\])*\"|'[^']*')\s*(?P<how>>>?)\s*(?P<path>[^\s<>|;&]+)"
)
_IN_PLAIN_SIGHT = ("<<", "sed -i", "perl -", "rm ", "echo ", "printf ", "write")
_SED = lazily(
    r"\bsed\s+-i(?:\s+''|\s+\"\"|\.\w+)?(?:\s+-[Ee])?\s+['\"]s([/|#@])((?:\\.|(?!\1)[^\\\n])+)\1((?:\\.|(?!\1)[^\\\n])*)\1[gI]*['\"]"
    r"((?:[ \t]+[^\s;&|<>]+)+)"
)
_SED_SCRIPT = lazily(
    r"\bsed\s+-i(?:\s+''|\s+\"\"|\.\w+)?(?:\s+-[EenrR]{1,3})*\s+(?P<quote>['\"])(?P<script>(?:(?!(?P=quote))[^\\]|\\.){1,2000})"
    r"(?P=quote)(?P<paths>(?:[ \t]+[^\s;&|<>]+)+)",
    DOTALL,
)
_PERL = lazily(
    r"\bperl(?=(?:\s+-[\w.]+){0,4}?\s+-[\w.]{0,6}i)(?:\s+-[\w.]+){0,4}?\s+-\w{0,4}e\s+(?P<quote>['\"])"
    r"(?P<script>(?:(?!(?P=quote))[^\\]|\\.){1,2000})(?P=quote)(?P<paths>(?:[ \t]+[^\s;&|<>]+)+)",
    DOTALL,
)
_SED_WORDS = lazily(
    r"(?:^|[;\n}])\s*(?:(?:\d+|\$|/(?:\\.|[^/\\\n])*/)(?:,(?:\d+|\$|/(?:\\.|[^/\\\n])*/))?\s*)?\{?\s*"
    r"s([/|#@])(?P<old>(?:\\.|(?!\1)[^\\\n])+)\1(?P<new>(?:\\.|(?!\1)[^\\\n])*)\1[gIpm\d]*(?=\s*(?:[;}\n]|$))"
)
_RM = lazily(r"(?:^|[;&|]\s*|\n[^\S\n]*)(?:git\s+)?rm\s+(?:-f\s+)?((?!-)[^\s;&|<>]+(?:[ \t]+(?!-)[^\s;&|<>]+)*)")
_UNESCAPED = lazily(r"\\([./|()\[\]*+?\\])")
_MOST_GOES = 20
_IN_QUOTES = lazily(
    r"<<-?[ \t]*['\"]?(?P<mark>\w+)['\"]?[^\n]*\n(?:.*\n)*?[ \t]*(?P=mark)[ \t]*$"
    r"|(?<!cd )(?:'[^'\n]*'|\"(?:\\.|[^\"\\\n])*\")",
    MULTILINE,
)
_BRACKET = lazily(r"[()]")
_GOES = lazily(r"(?:^|([(;&|\n]))[ \t]*cd[ \t]+([^\s;&|)]+)\s*(?:&&|;|\n)")


def changes_by_shell(run: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield the changes a shell command makes in plain sight: here-documents, ``echo >``, ``rm``, ``sed -i s/a/b/``.

    Of a script on the command line only the files are in sight that it writes.
    """
    for sign in _IN_PLAIN_SIGHT:  # ``any`` would take twice as long
        if sign in run:
            break
    else:
        return
    run = _LOOP.sub(_each, run) if "for " in run and len(run) <= _MOST_CHARS else run
    goes, at = _goes(run), 0
    by_script = _scripted(run) if "write" in run else ()
    for path, action, old, new in (*_here_documents(run), *_echoed(run), *_removed(run), *_replaced(run), *by_script):
        bare = path.strip("'\"")
        bare = bare if "(" in bare else bare.rstrip(")")  # it ends a shell of its own
        if "$" not in bare and "*" not in bare and not bare.startswith(("/dev/", "&")):
            found = run.find(path, at) if goes else 0
            at = found if found >= 0 else max(0, run.find(path))  # most stand in their order
            yield _below(_folder_at(at, goes), bare), action, old, new


def _goes(run: str) -> list[tuple[int, int, str]]:
    """Return where a command goes to a folder, up to where that holds, and the folder.

    In a shell of its own that is up to its end. What is quoted and here-documents go nowhere; a command of very many
    is taken as it is.
    """
    if "cd " not in run:
        return []
    many = run.count("<<") * len(run) > _MOST_STEPS
    bare = run if many else _IN_QUOTES.sub(lambda it: " " * len(it[0]), run)
    return [
        (went.end(), _end_of_shell(bare, went.end()) if went[1] == "(" else len(run), went[2].strip("'\""))
        for went in islice(_GOES.finditer(bare), _MOST_GOES)
    ]


def _end_of_shell(bare: str, at: int) -> int:
    """Return where the shell ends that was opened before ``at``."""
    depth = 1
    for found in _BRACKET.finditer(bare, at):
        depth += 1 if found[0] == "(" else -1
        if not depth:
            return found.start()
    return len(bare)


def _folder_at(at: int, goes: list[tuple[int, int, str]]) -> str:
    """Return the folder, with a slash, that a command is in ``at`` a place, by where it ``goes``."""
    folder = ""
    for begins, ends, there in goes:
        if begins <= at < ends:
            folder = normpath(join(folder, there)) + "/"
    return folder


def _below(folder: str, path: str) -> str:
    return path if path.startswith(("/", "~")) else folder + path.removeprefix("./")


def made_by_generator(run: str, said: str) -> dict[str, str]:
    """Return the files that a framework's generator ``said`` it made, each with ``created`` or ``modified``.

    Such are those of Django, Alembic, Rails, Laravel, Phoenix, Angular, Nest, Diesel, sqlx and Prisma.
    """
    for word in _GENERATORS:  # ``any`` would take twice as long
        if word in run:
            break
    else:
        return {}
    runs = _GENERATES.search(run[:_MOST_CHARS])
    if not runs:
        return {}
    made, folder = {}, _folder_at(runs.start(), _goes(run[:_MOST_CHARS]))
    for found in _GENERATED.finditer(said[:_MOST_CHARS]):
        path = found["path"] or found["of_django"] or found["of_laravel"]
        path = path or f"prisma/migrations/{found['of_prisma']}/migration.sql"
        made[_below(folder, path)] = "modified" if found["verb"] in ("UPDATE", "insert") else "created"
    return made


_GENERATORS = ("makemigrations", "gen", " g ", "migrat", "make:", "revision", "prisma")
_GENERATES = lazily(
    r"\b(?:makemigrations|(?:alembic|flask|rails|rake|artisan|mix|ng|nest|nx|diesel|sqlx|prisma)[ ]"
    r"(?:[\w@/:.-]+[ ]){0,2}(?:make:\w|phx\.gen|ecto\.gen|(?:revision|migrate|generate|g|new|add|dev)\b))"
)
_GENERATED = lazily(
    r"^[ ]{0,12}(?:(?P<of_django>[\w./-]*migrations/\d{4}_\w+\.py)$"
    r"|(?P<verb>create|insert|CREATE|UPDATE|\* creating|Creating|Generating)[ ]{1,8}(?P<path>[\w./@-]+\.\w{1,5})"
    r"(?=$|[ ]\(\d|[ ]\.\.\.)"
    r"|(?:INFO[ ]{1,3})?\w[\w ]{0,30}\[(?P<of_laravel>[\w./-]+\.php)\] created successfully"
    r"|\W{2}[ ](?P<of_prisma>\d{14}_\w+)/$)",
    MULTILINE,
)
"""What is in a command that runs a generator, how it runs one, and the lines with what it made."""


def changes_before_failing(run: str, said: str) -> frozenset[tuple[str, str, str, str]]:
    """Return the changes that a command made in its first steps, where a later one failed, by what was ``said``."""
    if run.count("<<") * len(run) > _MOST_STEPS or _NOT_CHANGED.search(said):
        return frozenset()
    at = 0
    while step := _FIRST.match(run, at) or _SED.match(run, at) or _PERL.match(run, at) or _HERE.match(run, at):
        joined = _JOINED.match(run, step.end())
        if not joined and run[step.end() - 1] != "\n":
            break
        at = joined.end() if joined else step.end()
    return frozenset(changes_by_shell(run[:at])) if at and run[at:].strip() else frozenset()


_FIRST = lazily(r"(?:cd|mkdir|touch|chmod|(?:git )?rm|git mv)\b[^;&|\n'\"<>`$(]*")
_JOINED = lazily(r"[ \t]*(?:&&|;|\n)\s*")
_NOT_CHANGED = lazily(
    r"^(?:\S{0,40}/)?(?:sed|rm|cat|tee|mkdir|touch|chmod|cd|bash|zsh|sh|fatal)(?:: | line |\[)|\(eval\)", MULTILINE
)
"""How a line begins by which a shell, or a program of the first steps, tells that it did not do its part."""


def _each(loop: re.Match[str]) -> str:
    """Return a loop over files that are named in it as what it does with each."""
    variable, names, body = loop.groups()
    files = names.split()
    if not files or len(files) > _MOST_FILES or any(mark in names for mark in "$*`"):
        return str(loop[0])
    return "\n".join(
        _VALUE.sub(lambda found: file if variable in found.groups() else found[0], body)  # noqa: B023
        for file in files
    )


_VALUE = lazily(r"\"?\$(?:(\w+)|\{(\w+)\})\"?")
_LOOP = lazily(r"\bfor +(\w+) +in +([^;\n]{1,4000})[;\n]\s{0,20}do\b(.{0,2000}?)\bdone\b", DOTALL)
_MOST_FILES, _MOST_CHARS = 60, 20_000
"""Of a loop that is longer, or stands in a longer command, nobody sees at once what it does; and it costs no more."""


def _here_documents(run: str) -> Iterator[tuple[str, str, str, str]]:
    if run.count("<<") * len(run) > _MOST_STEPS:
        return
    for found in _HERE.finditer(run):
        path = found["one"] or found["two"] or found["tee"]
        if path:
            yield path, "modified" if (found["how"] or found["how2"]) == ">>" else WRITTEN, "", found["body"]


_MOST_STEPS = 20_000_000
"""For each one that is begun and never ended all of the command behind it is looked through."""


def _echoed(run: str) -> Iterator[tuple[str, str, str, str]]:
    for found in _ECHO.finditer(run):
        text = found["words"][1:-1]
        if "$" in text and found["words"][0] == '"':  # what it stands for is not in sight
            continue
        text = text.replace("\\n", "\n") if found["raw"] or found["verb"] == "printf" else text
        yield found["path"], "modified" if found["how"] == ">>" else WRITTEN, "", text.strip("\n")


def _removed(run: str) -> Iterator[tuple[str, str, str, str]]:
    for paths in _RM.findall(run):
        yield from ((path, "deleted", "", "") for path in paths.split() if "." in path)


def _replaced(run: str) -> Iterator[tuple[str, str, str, str]]:
    for _, old, new, paths in _SED.findall(run):
        yield from ((path, "modified", *_as_text(old, new)) for path in _files(paths))
    if len(run) <= _MOST_CHARS:
        yield from _replaced_by_scripts(run)
        yield from _replaced_by_perl(run) if "perl -" in run else ()


def _files(words: str) -> list[str]:
    """Return the files among the last ``words`` of a command, up to a further option or script of it."""
    told = words.split()
    ends = next((at for at, it in enumerate(told) if it.startswith(("-", "'", '"', "#", "$"))), len(told))
    bare = ends == len(told)  # else it may be another command
    return [it for it in told[:ends] if "." in it or (bare and _BARE_NAME.fullmatch(it))]


_BARE_NAME = lazily(r"(?:[\w@+-]+/)*[A-Za-z]\w{2,}\)?")
"""A file without an ending: ``Dockerfile``, ``bin/run``."""


def _replaced_by_scripts(run: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield what ``sed -i`` changes by more than one command, or by another than ``s``: of these the files alone."""
    gone = set(_SED_GONE.findall(run))  # what stands for a while, and whose lines go then
    for found in _SED_SCRIPT.finditer(run):
        if _SED.match(run, found.start()):
            continue
        words = [_as_text(it["old"], it["new"]) for it in _SED_WORDS.finditer(found["script"])]
        words = [(old, "" if new in gone else new) for old, new in words]
        for path in _files(found["paths"]):
            yield from ((path, "modified", old, new) for old, new in words)
            if not words and not _SED_GONE.search(found["script"]):
                yield path, "modified", "", ""


def _replaced_by_perl(run: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield what ``perl -i`` replaces in files; of a pattern that is more than the text itself the files alone."""
    for found in _PERL.finditer(run):
        words = [_of_perl(it["old"], it["new"]) for it in _SED_WORDS.finditer(found["script"])]
        known = [it for it in words if it[0]] if all(old for old, _ in words) else []
        for path in _files(found["paths"]):
            yield from ((path, "modified", old, new) for old, new in known or [("", "")])


def _of_perl(old: str, new: str) -> tuple[str, str]:
    """Return what a pattern of perl finds and what is put there, empty where it is no plain text in at most one group.

    What it finds stands where the group is named again.
    """
    inner = old[1:-1] if old.startswith("(") and old.endswith(")") and not old.endswith("\\)") else old
    if _PATTERN.search(inner) or _GROUP.search(new.replace("$1", "")):
        return "", ""
    plain = _PERL_ESCAPED.sub(lambda it: it[1], inner)
    told = new.replace("$1", plain) if inner != old else new
    return plain, _PERL_ESCAPED.sub(lambda it: it[1], told.replace("\\n", "\n"))


_PATTERN, _GROUP = lazily(r"(?<!\\)[\[\](){}*+?|^$]|\\[A-Za-z\d]"), lazily(r"\$[\d{&]|\\\d")
_PERL_ESCAPED = lazily(r"\\([^\w\s])")
_SED_GONE = lazily(r"/\^(\w{1,12})\$/d")


def _as_text(old: str, new: str) -> tuple[str, str]:
    """Return what ``sed`` replaces and puts in its place as they stand in the file, but for what is a pattern."""
    plain = _unescaped(_BOUND.sub(lambda found: found[1] or "", old).removeprefix("^"))
    plain = plain.removesuffix("$") if len(old) > 1 and old[-2] != "\\" else plain
    return plain, _unescaped(_WHOLE_MATCH.sub(lambda _: plain, _BREAK.sub(lambda found: found[1] or "\n", new)))


_BOUND = lazily(r"(\\\\)|\\[b<>]")
_BREAK = lazily(r"(\\\\)|\\n")
_WHOLE_MATCH = lazily(r"(?<!\\)&")


def _unescaped(text: str) -> str:
    return _UNESCAPED.sub(lambda found: found[1], text)


def _scripted(run: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield the files that a script on the command line opens to write, by their path or a name that was given it."""
    wrote: dict[str, None] = {}
    for script in _scripts(run[:_MOST_CHARS]):
        moves = "chdir" in script
        wrote |= dict.fromkeys(it for it in _written(script) if it.startswith("/") or not moves)
    yield from ((path, "modified", "", "") for path in wrote if "." in path and " " not in path)


def _scripts(run: str) -> Iterator[str]:
    """Yield the scripts that programs are started with, each an argument or a here-document of theirs.

    Behind another here-document, or amid quotes, a line is text and nothing that runs.
    """
    at = 0
    while begun := _SCRIPT.search(run, at):
        before = run[at : begun.start()]
        if "<<" in before or not _is_even(before):
            return
        at = begun.end()
        if begun["mark"]:
            end = _end(run, f"\n{begun['mark']}\n", at - 1)
        else:
            end = at
            while (end := _end(run, begun["quote"], end)) < len(run) and begun["quote"] == '"' and run[end - 1] == "\\":
                end += 1
        yield run[at:end].replace('\\"', '"')
        at = end + 1 + len(begun["mark"] or "")


def _end(run: str, sign: str, at: int) -> int:
    found = run.find(sign, at)
    return len(run) if found < 0 else found


def _is_even(text: str) -> bool:
    """Return whether every quote that begins in ``text`` ends there too."""
    return not (text.count("'") % 2 or text.count('"') % 2)


def _written(script: str) -> Iterator[str]:
    """Yield the paths that ``script`` writes; of a name only while it is known what it was given."""
    script = _LONG_TEXT.sub("", script)
    named: dict[str, str] = {}
    for found in sorted((*_GIVEN.finditer(script), *_WRITES.finditer(script)), key=lambda it: it.start()):
        if found.re.pattern == _GIVEN.pattern:
            for name in _NAME.findall(found["names"] or found["name"]):
                named[name] = found["value"] or ""
        else:
            before = script[script.rfind("\n", 0, found.start()) + 1 : found.start()]
            is_code = "#" not in before and "//" not in before and _is_even(before)
            if is_code and (path := found["path"] or named.get(found["name"], "")):
                yield path


_SCRIPT = lazily(
    r"(?:^|[;&|(\n])[ \t]*(?:[A-Z_]{1,40}=[^\s'\"]{0,80} )?(?:(?:uv|poetry|pdm|pipenv) run )?(?:[\w.~/-]{0,200}/)?"
    r"(?:python[\d.]{0,5}|node|ruby|bun|deno)(?=[ <])(?: -[a-zA-Z]\w{0,20}(?<!-c)(?<!-e)){0,4}"
    r"(?:(?: -[ce]| eval) (?P<quote>['\"])|(?: -(?: [^\n;|&<]{1,80}?)?)? {0,3}<<-? ?['\"]?(?P<mark>\w+)['\"]?[^\n]*\n)"
)
_LONG_TEXT = lazily(r"\"\"\".*?(?:\"\"\"|\Z)|'''.*?(?:'''|\Z)", DOTALL)
_GIVEN = lazily(
    r"\b(?:for|def|lambda|function)\b(?P<names>[^:\n{]{1,300})|\b(?P<name>\w+) {0,3}(?:[-+*/|&%]=|=(?![=>]) {0,3}"
    r"(?:(?:(?:pathlib\.)?Path\()?['\"](?P<value>[^'\"\n{}%]{1,300})['\"]\)? {0,3}(?=[;\n#]|$))?)"
)
_NAME = lazily(r"\w+")
_WRITES = lazily(
    r"(?:(?<![\w.])open\( {0,3}(?=[^\n)]{1,300}, {0,3}(?:mode=)?['\"][wax][bt+]{0,2}['\"])"
    r"|\bPath\((?=[^\n)]{1,300}\)\.write_)|(?:(?<![\w.])|(?<=\bfs\.)|(?<=\bfsp\.)|(?<=promises\.)|(?<=\)\.))"
    r"writeFile(?:Sync)?\(|(?<![\w.])(?=\w{1,60}\.write_(?:text|bytes)\())"
    r"(?:['\"](?P<path>[^'\"\n{}%]{1,300})['\"](?= {0,3}[,)])|(?P<name>\w+)(?= {0,3}[,)]|\.write_))"
)
