"""Which command is the check by the user's word: "tests always with `make t`, not pytest directly"."""

from __future__ import annotations

from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.core.record import Record
from handoff_cli.documents.extract.language.prose import typed_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Sequence

    from handoff_cli.core.transcript import Message


class Runner(Record):
    """The ``command`` that the user wants as the check, and which one ``other`` not (empty: none is named).

    ``tests`` tells that it is for all tests, so that it stands for whatever else runs any.
    """

    command: str
    other: str = ""
    tests: bool = False

    def instead_of(self, command: str, kind: str) -> str:
        """Return the command to name where ``command``, a check of ``kind``, would be named."""
        if self.command in command:
            return command
        words = command.split()
        if self.other in words and " " not in f"{self.other}{self.command}":
            return " ".join(self.command if it == self.other else it for it in words)
        named = bool(self.other) and f" {self.other} " in f" {' '.join(words)} "
        return self.command if named or (self.tests and kind == "test") else command


def runner_told(messages: Sequence[Message]) -> Runner | None:
    """Return the check that the user named last as the one to run, None where none was."""
    for message in reversed(messages):
        found = _told_in(message.text) if message.role == "user" else None
        if found:
            return found
    return None


def _told_in(words: str) -> Runner | None:
    if not _may_name(words[:_CHARS]):
        return None
    told = (it for line in typed_lines(words[:_CHARS]) for it in _SENTENCES.split(line))
    return next(filter(None, map(named_in, told)), None)


def named_in(sentence: str) -> Runner | None:
    """Return the check that one ``sentence`` of the user's names as the one to run, None where it names none."""
    if not _may_name(sentence) or "?" in sentence or _REPORTS.search(sentence):
        return None
    found = _OF_TESTS.search(sentence) or _OF_TESTS_EAST.search(sentence)
    if found:
        after = sentence[found.end() :]
        refused, where = (_NOT.match(after), after) if _NOT.match(after) else (_NOT_BEFORE.search(sentence), sentence)
        return Runner(_first(sentence, found, "quoted", "bare"), _first(where, refused, "other", "word"), True)
    found = _RATHER.search(sentence)
    other = _first(sentence, found, "other", "word")
    if not found or (found["program"] and not _PROGRAM.fullmatch(other)):
        return None
    return Runner(_first(sentence, found, "quoted", "bare", "program"), other)


def _may_name(words: str) -> bool:
    """Return whether ``words`` have what stands in whatever names a check; most have not, and the patterns are slow."""
    lower = words.lower()
    of_tests = any(map(lower.__contains__, _TESTS)) and any(map(lower.__contains__, _WITHS))
    return of_tests or (any(map(lower.__contains__, _TAKES)) and any(map(lower.__contains__, _NOES)))


_TESTS = ("test", "suite", "check", "them", "\u6d4b\u8bd5", "\u30c6\u30b9\u30c8")
_WITHS = ("with", "via", "through", "using", "by", "mit", "\xfcber", "per", "avec", "con", "com", "\u7528", "\u306f")
_TAKES = ("use", "run", "take", "nimm", "nutze", "verwende", "usa", "utilise")
_NOES = (
    *("no", "never", "nicht", "statt", "pas", "instead", "rather", "lieu", "n\xe3o", " vez de", "invece"),
    *("\u4e0d\u8981", "\u4e0d\u662f"),
)


def _first(text: str, found: re.Match[str] | None, *groups: str) -> str:
    """Return the first of ``groups`` that was ``found``, as it stands in ``text``."""
    return next((text[found.start(it) : found.end(it)].strip() for it in groups if found[it]), "") if found else ""


_CHARS = 4_000
_PROGRAMS = (
    r"(?:p?npm|yarn|bun|uv|poetry|pdm|docker|podman|jest|vitest|mocha|pytest|unittest|nose2?|tox|nox|g?make|ninja"
    r"|mvnw?|gradlew?|sbt|ruff|flake8|eslint|biome|prettier|black|mypy|pyright)"
)
_PROGRAM = caseless(_PROGRAMS)
_COMMAND = (
    r"(?:`(?P<quoted>[^`\n]{2,80})`|(?P<bare>(?:(?:make|just|task|rake|invoke|inv|poe|cargo|go|dotnet|mix|nox -s"
    r"|(?:npm|pnpm|yarn|bun|uv|poetry|hatch|pdm|mise)(?: run)?|bundle exec|bin/rails|(?:\./)?(?:mvnw?|gradlew?)) "
    r"[a-z][\w:.-]*"
    r"|tox|nox|(?:\./|bin/|scripts?/)[\w./-]*\w|[\w/-]+\.sh)(?![\w/])))"
)
_OTHER = r"(?:`(?P<other>[^`\n]{2,60})`|(?P<word>[\w./-]*\w(?: (?:test|run)\b)?))"
_NO = (
    r"(?:,? ?\(?(?:and )?(?:not|never|instead of|rather than|(?:und )?nicht(?: mit)?|(?:an)?statt|pas|et non|au lieu de"
    r"|(?:y )?no|en vez de|e n\xe3o|em vez de|n\xe3o|invece di"
    r"|non)|\uff0c?(?:\u4e0d\u8981|\u800c\u4e0d\u662f)(?:\u76f4\u63a5)?\u7528?)"
)
_MUST = r"(?:always|only|must|should|have to|immer|nur|m\xfcssen|siempre|solo|s\xf3lo|toujours|seulement|sempre|solo)"
_WITH = r"(?:with|via|through|using|by|mit|\xfcber|per|avec|con|com)"
_RUN = r"(?:run|start|test|check|verify|lauf|teste|lass|lance[rz]?|corre|ejecuta|rode|lancia|use)"
_OF_TESTS = caseless(
    rf"\b(?:(?:(?:unit |all )?tests?|the suite|checks?) (?:(?:run|be|go|are|is|to|laufen|lanzar)\b ?){{0,2}}{_MUST} "
    rf"(?:(?:run|be|go|through|only|laufen)\b ?){{0,2}}{_WITH}|{_MUST} (?:run (?:the )?tests?|test\w*) {_WITH}"
    rf"|(?:^|[,;.:] |\band |\bplease |\bbitte )(?:always |please |only )?{_RUN} "
    rf"(?:(?:all|the|our|unit|die|los|les|os|i|alle) ){{0,2}}(?:tests?|them|suite|checks?) (?:{_MUST} )?{_WITH}"
    rf"|(?:tests?) {_WITH}(?= `?[\w ./:-]{{2,40}}`?,? (?:not|nicht|pas|no|never)\b)) {_COMMAND}"
)
_OF_TESTS_EAST = caseless(
    rf"(?:\u6d4b\u8bd5[^\s`,\uff0c\u3002]{{0,4}}\u7528|\u30c6\u30b9\u30c8\u306f(?:\u5fc5\u305a"
    rf"|\u5e38\u306b)?) ?{_COMMAND}"
)
_NOT = caseless(rf"{_NO} ?{_OTHER}")
_NOT_BEFORE = caseless(
    rf"\b(?:do ?n['o\u2019]?t|do not|never|nicht|ne|no|nunca) (?:run|use|call|ejecutes|uses|lance|utilise) {_OTHER}"
)
_RATHER = caseless(
    rf"\b(?:use|run|take|nimm|nutze|benutze|verwende|usa|utilise|use[sz]?) (?:{_COMMAND}|(?P<program>{_PROGRAMS}))"
    rf"(?: for (?:the )?tests?)?{_NO} {_OTHER}"
)
_SENTENCES = lazily(r"(?<=[.;!?])\s+|(?<=\u3002)")
_REPORTS = caseless(
    r"\b(?:fails?|failed|failing|errors?|broken|hangs?|crash\w*|works?|passe[sd]|schl\xe4gt|echou\w*|falla\w*)\b"
)
"""What a sentence has that tells how a check ended, not which one to run."""
