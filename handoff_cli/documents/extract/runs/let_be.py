"""What is said of failures: that one shall stay, by the user; that it passes, or is not of the work, by the agent."""

from __future__ import annotations

from itertools import pairwise

from handoff_cli.core.light import Counts, bisect_right
from handoff_cli.core.paths import name_of
from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.documents.extract.commands.outputs import is_place
from handoff_cli.documents.extract.language.denials import says_changed
from handoff_cli.documents.extract.language.words import clipped, plain, sentences

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoff_cli.core.transcript import Message, Transcript
    from handoff_cli.documents.extract.commands.checks import Run
    from handoff_cli.documents.extract.failed import LiveFailure


def still_live(
    failures: tuple[LiveFailure, ...], runs: Sequence[Run], transcript: Transcript
) -> tuple[LiveFailure, ...]:
    """Return ``failures`` with all that was said of them: what the module's other functions return, in turn."""
    told = said_to_pass(failures, runs, transcript.messages, edits_told=bool(transcript.edits))
    return unrelated(let_be(told, transcript.messages), transcript)


def let_be(failures: Sequence[LiveFailure], messages: Sequence[Message]) -> tuple[LiveFailure, ...]:
    """Return ``failures`` with the words by which the user wants one left as it is.

    The last message that names a test decides. One after it failed may also name its file, the program that found it
    or its kind; one that names nothing speaks of what the agent named right before it, or of the one thing that failed
    since the message before.
    """
    if not failures:
        return ()
    heard = [
        _Heard(message, before.text if before and before.role != "user" else "")
        for before, message in zip((None, *messages), messages, strict=False)
        if message.role == "user"
    ]
    found = Counts(it.position for it in failures)
    return tuple(it.replace(left=_words(it, heard, alone=found[it.position] == 1)) for it in failures)


class _Heard:
    """A message of the user's behind one of the agent's, read once, however many failures there are."""

    _names: tuple[set[str], set[str]] | None = None
    _said: _Said | None = None

    def __init__(self, message: Message, before: str) -> None:
        self.text, self.position, self.before = message.text, message.position, before

    def names(self, test: str) -> tuple[bool, bool]:
        """Return whether the message names ``test``, and whether the one before does."""
        if self._names is None:
            self._names = {"", *_NAME.findall(self.text)}, {"", *_NAME.findall(self.before)}
        first = found[0] if (found := _NAME.search(test)) else ""
        here, before = self._names
        return first in here and test in self.text, first in before and test in self.before

    def said(self) -> _Said:
        """Return what its sentences say: they are read where a failure asks for them, as few do."""
        if self._said is None:
            self._said = _Said(self.text)
        return self._said


class _Said:
    """What the sentences of a message say of what fails.

    ``told`` are all but those by which the cause or the way to mend it is known, which give no leave; ``waives`` those
    of them that waive something, with their words; ``lets_red_be`` and ``waives_it`` are the first that says that
    something is red or known, or waives "it".
    """

    def __init__(self, text: str) -> None:
        self.told = [it for it in map(plain, sentences(text)) if not _CAUSE_IS_KNOWN.search(it)]
        self.waives = [(it, set(_WORD.findall(it.lower()))) for it in self.told if _WAIVES.search(it)]
        self.lets_red_be = next((it for it in self.told if _LETS_RED_BE.search(it)), "")
        self.waives_it = next((it for it in self.told if _WAIVES_IT.search(it)), "")


def _words(failure: LiveFailure, heard: Sequence[_Heard], *, alone: bool) -> str:
    answer = bisect_right(heard, failure.position, key=lambda it: it.position)
    test, names = test_of(failure), _names(failure)
    for place in range(len(heard) - 1, -1, -1):
        it = heard[place]
        named, asked = it.names(test) if test else (False, False)
        if named:
            return _of_test(it.said().told, test)
        waived = next((words for words, said in it.said().waives if names & said), "") if place >= answer else ""
        words = (
            waived
            or (it.said().lets_red_be if asked else "")
            or (it.said().waives_it if alone and place == answer else "")
        )
        if words and not _wants_mended(" ".join(it.said().told)[:_MOST_CHARS], names):
            return clipped(words[:_MOST_CHARS], _WORDS_CHARS)
    return ""


_NAME = lazily(r"[A-Za-z0-9_]+")
_CAUSE_IS_KNOWN = caseless(
    r"\b(?:cause|reason|fix|solution|culprit|ursache|grund|l\xf6sung|causa|raz[o\xf3]n|raison|soluci[o\xf3]n)s?"
    r" (?:\w+ ){0,4}?(?:(?:is|are|ist|sind|es|son|est) (?:\w+ )?)(?:known|bekannt|conocid|connu)"
    r"|\u539f\u56e0\w{0,4}(?:\u5df2\u77e5|\u65e2\u77e5)"
    r"|\u043f\u0440\u0438\u0447\u0438\u043d\w{1,4} \u0438\u0437\u0432\u0435\u0441\u0442\u043d"
)


def _wants_mended(words: str, names: set[str]) -> bool:
    """Return whether ``words`` order to mend what one of ``names`` is, or "it": what is to be mended is not let be."""
    return bool(_MENDS_IT.search(words)) or any(
        not names.isdisjoint(_WORD.findall(it[0])) or _IT.search(it[0]) for it in _MENDS.finditer(words)
    )


_MENDS = lazily(
    r"(?i:(?<!not )(?<!n't )(?<!n\u2019t )(?<!never )(?<!ll )(?<!will )"
    r"\b(?:fix|mend|repair|solve|resolve|correct|update|make|deal with|take care of)) (?![^.;,\n]{0,60}\blater\b)"
    r"[^.;,\n]{1,80}|(?i:never|n['\u2019]t) ignore [^.;,\n]{1,80}"
)
_MENDS_IT = caseless(
    r"\b(?:beheb|reparier|korrigier)e? (?:es|sie|das|ihn)\b|(?<!nicht )\b(?:beheben|reparieren)\b"
    r"|\barr[e\xe9]gla(?:l[oa]s?)?\b|\bcorr[i\xed]gel[oa]s?\b|\bcorrige[zr]?-l[aes]+\b|\br\xe9pare[zr]?-l[aes]+\b"
    r"|(?<!\u4e0d\u7528)(?<!\u4e0d\u8981)(?<!\u522b)\u4fee(?:\u4e00\u4e0b|\u590d|\u597d)"
    r"|(?<!\u043d\u0435 )\u0438\u0441\u043f\u0440\u0430\u0432\u044c"
)
"""Orders to mend, with what is to be mended behind them; and such as say "it" or nothing, in other languages."""

_IT = caseless(r" (?:it|this|that|them)\b")


def test_of(failure: LiveFailure) -> str:
    """Return what a test is called without its file and suites, empty where nothing so long was a test."""
    if is_place(failure.name):
        return ""
    if "::" in failure.name:
        name = failure.name.partition("[")[0].rpartition("::")[2].rpartition(" ")[2]
    else:
        name = _SUITES.split(failure.name)[-1].strip()
    return name if len(name) >= _LEAST_CHARS else ""


def _of_test(told: Sequence[str], test: str) -> str:
    """Return the sentences that name a ``test`` and let it be, from where they speak of it."""
    about = next((place for place, it in enumerate(told) if test in it), len(told))
    near = " ".join(told[about : about + _NEAR])[:_MOST_CHARS]
    if not _LETS_BE.search(near) or _wants_mended(near, {test}):
        return ""
    before, stop, _ = near[: near.find(test)].rpartition(". ")
    return clipped(near[len(before) + len(stop) :], _WORDS_CHARS)


def _names(failure: LiveFailure) -> set[str]:
    """Return by which names a user speaks of a failure: its test or file, the program or script that ran, its kind."""
    said = _WORD.findall(name_of(failure.name))
    words = _ARGUMENT.findall(failure.command)
    scripts = [script for run, script in pairwise(words[: _PROGRAMS + 1]) if run == "run"]
    names = {name_of(it).lower() for it in (*said, *words[:_PROGRAMS], *scripts)} - _COMMON
    return {it for it in names if len(it) >= _LONG or _WITH_FIGURE.search(it)} | ({failure.kind} & _KINDS)


_WORD = lazily(r"[A-Za-z_][\w.-]*\w")
_ARGUMENT = lazily(r"(?<![\w-])[A-Za-z_][\w.-]*\w")
"""A word of a command line that is no option of it: ``cmake --build x`` names no build that somebody speaks of."""

_WITH_FIGURE = lazily(r"\d")
_KINDS = frozenset(("lint", "types", "format"))
_LONG, _PROGRAMS = 4, 2
_COMMON = frozenset((
    *("cargo", "python", "make", "test", "tests", "bundle", "exec", "node", "check", "yarn", "pnpm", "mvnw", "gradle"),
))  # fmt: skip
"""Words of command lines that name no one program's findings."""

_SUITES = lazily(r" > | \u203a |/")
_LEAST_CHARS, _NEAR, _MOST_CHARS, _WORDS_CHARS = 5, 2, 1_000, 200
_RED = (
    r"\b(?:leave|keep|let) (?:\w+ ){1,3}?(?:red|failing|broken)\b|\b(?:stays?|remains?) (?:red|failing|broken)\b"
    r"|\b(?:is|are|it['\u2019]s|one['\u2019]s|a) (?:already )?known\b(?! to (?!fail\b|be (?:red|flaky|broken)\b))"
    r"|\bknown (?:failure|to fail|flak\w+|red)\b"
    r"|\bpre-?existing\b|\b(?:fails?|red|failing|broken) (?:\w+ ){0,2}?for a (?:known )?reason\b"
    r"|\brot (?:bleiben|lassen)\b|\bbleibt rot\b|\b(?:ist|sind) (?:schon )?bekannt\b"
    r"|\ben rojo\b|\b(?:es|son|ya es) conocid[oa]s?\b|\b(?:c['\u2019]est|est|sont) (?:d[\xe9e]j\xe0 )?connue?s?\b"
    r"|\bau rouge\b|\b\xe9 conhecid[oa]\b"
    r"|\u5df2\u77e5|\u65e2\u77e5|\u4fdd\u6301\u7ea2|\u8ba9\u5b83\u7ea2|\u0438\u0437\u0432\u0435\u0441\u0442\u043d"
)
_LETS_RED_BE = caseless(_RED)
_LETS_BE = caseless(
    _RED + r"|\b(?:leave|let) (?:it|that|this|them|those|these)(?: \w+)? (?:alone|be|as (?:it|they) (?:is|are)|as is)\b"
    r"|(?<!not )(?<!n't )\bignore\b|\b(?:do not|don['\u2019]?t) (?:fix|touch|mind|worry|bother|care)\b"
    r"|\bnot (?:yours|ours|mine|our (?:problem|business|code)|your (?:problem|business|job))\b"
    r"|\bnicht (?:reparieren|anfassen|beheben)\b|\bin ruhe\b|\bno (?:lo |la )?(?:arregles|toques)\b|\bd[e\xe9]jal[oa]\b"
    r"|\bne (?:le |la |les )?(?:corrige|touche|r\xe9pare)\w* pas\b"
    r"|\u4e0d(?:\u7528|\u8981)(?:\u7ba1|\u4fee)|\u5148?\u522b(?:\u7ba1|\u4fee)|\u5ffd\u7565"
)
_MACHINE, _SOME = r"(?:ci|pipeline|build server|jenkins|github actions)\b", r"(?:[^\s.;,]{1,40} ){1,4}?"
"""Who runs checks elsewhere, so that what is left to it is nothing to make pass here; and some words before."""

_WAIVES = caseless(
    r"(?<!not )(?<!don't )(?<!don\u2019t )(?<!never )\bignor(?:e|ing|ier\w*|a|ez|ar)\b|\bnever ?mind\b"
    r"|\b(?:don['\u2019]?t|do not|no need to) (?:care|worry|bother)\b"
    r"|\b(?:is|are|was|were) (?:already |an? )?(?:old|known(?! to (?!fail))|pre-?existing|unrelated)\b"
    r"|\b(?:ist|sind|es|est) (?:schon )?(?:alt|bekannt|conocido|connue?)\b"
    r"|\u7121\u8996|\u5ffd\u7565"
    rf"|(?<!not )(?<!n't )(?<!n\u2019t )\b(?:leave|defer) {_SOME}(?:to|for) (?:the |our )?{_MACHINE}"
    rf"|\blet (?:the |our )?{_MACHINE} (?!fail\b)"
    rf"|\b{_MACHINE} (?:will|can|shall|should|may) (?:also )?(?:run|do|handle|cover|check)\b"
    rf"|\b(?:\xfcberlass\w*|lass\w*) {_SOME}(?:de[rmn]|die) {_MACHINE}"
    rf"|\blaiss\w+ {_SOME}(?:(?:\xe0|pour) la|au) {_MACHINE}|\bdej\w+ {_SOME}(?:(?:a|para) (?:la|el)|al) {_MACHINE}"
    rf"|(?:\u4ea4\u7ed9|\u7559\u7ed9|\u8ba9) ?{_MACHINE}"
)
_WAIVES_IT = caseless(
    r"(?<!not )(?<!n't )(?<!n\u2019t )\bignore (?:it|this|that(?: one| test)?)(?=$|[,.;!)\n]| and| but)"
)
"""Words that let what fails be: the first say themselves that it is red or known, the last are said once it failed."""


def unrelated(failures: Sequence[LiveFailure], transcript: Transcript) -> tuple[LiveFailure, ...]:
    """Return ``failures`` with the agent's words by which a test is red without this work, the latest.

    Its account of an earlier compaction tells it too. Of a run that names no test it may say that of all that failed.
    Where the user speaks of the test, or orders to mend what is red, only that counts.
    """
    said = [it for it in (*transcript.messages, *transcript.reasonings) if it.role != "user"]
    told = [it for it in (*said, *transcript.summaries) if _NOT_OURS.search(it.text)] if failures else []
    words = _not_ours(sorted(told, key=lambda it: -it.position))
    if not words:
        return tuple(failures)
    asked = [it for it in transcript.messages if it.role == "user"]
    orders = max((it.position for it in asked if _FIXES_ALL.search(it.text[:_ORDER_CHARS])), default=-1)
    spoken_of = "\n".join(it.text for it in asked)
    return tuple(
        it if it.left or it.touched else _left(it, [found for found in words if found[0] > orders], spoken_of, failures)
        for it in failures
    )


def _not_ours(told: Sequence[Message]) -> list[tuple[int, str]]:
    """Return the sentences that say of something that it is none of this work, with where they were said."""
    each = ((it.position, plain(text)) for it in told for text in sentences(it.text))
    return [
        (at, text)
        for at, text in each
        if _NOT_OURS.search(text) and not _DOUBTS.search(text) and not _EXPLAINS.search(text)
    ][:_MOST]


def _left(
    failure: LiveFailure, words: Sequence[tuple[int, str]], spoken_of: str, failures: Sequence[LiveFailure]
) -> LiveFailure:
    test = test_of(failure)
    if test:
        found = next((text for _, text in words if test in text), "")
    else:
        begins = failure.position if not failure.name else _NEVER
        ends = min((it.position for it in failures if it.position > begins), default=_NEVER)
        found = next((text for at, text in words if begins < at < ends and _OF_ALL.match(text)), "")
    if not found or (test and test in spoken_of):
        return failure
    return failure.replace(left=clipped(found, _WORDS_CHARS), unrelated=True)


_NEVER = 1 << 60
_OF_ALL = caseless(
    r"(?:(?:so|but|and|again),? )?(?:all |both )?(?:of )?"
    r"(?:these|those|they|the (?:\w+ )?(?:tests|failures|errors))\b(?! (?:two|three)\b)"
)
"""How a sentence begins that speaks of all that a run showed."""

_ORDER_CHARS, _MOST = 1_000, 60
_FIXES_ALL = caseless(
    r"(?<!not )(?<!n't )(?<!n\u2019t )\b(?:fix|mend|repair|solve)\b[^.;,\n]{0,60}?"
    r"\b(?:tests?|failures?|failing|red|both|all|too|also|as well)\b"
)
_CHANGE = r"(?:\w+ )?(?:changes?|edits?|patch|commits?|branch|work|diff)\b"
_NOT_OURS = caseless(
    r"\b(?:fail(?:s|ed|ing|ure)?|red|broken) (?:\w+ ){0,3}?(?:on|in) (?:origin/)?[`'\"]?"
    r"(?:main|master|trunk|upstream)\b[`'\"]?"
    r"(?=\W*$|[,.;)]\s| \(| (?:too|also|as well|already|before|itself|branch|without|since)\b)"
    rf"|\b(?:fail(?:s|ed|ing)?|red) (?:\w+ ){{0,3}}?without (?:my|our|the|these|this|any) {_CHANGE}"
    r"|(?:\b(?:is|are|was|were|it['\u2019]s|looks?|seems?)(?: (?:all|also|both|already|clearly|entirely|completely))?"
    r"|[,;:(\u2014]) (?:pre-?existing|unrelated)(?=\W*$|[,.;)]\s| (?:and|to (?:this|these|my|our))\b)"
    r"|(?<!not a )(?<!not an )(?<!no )\b(?:pre-?existing|unrelated) (?:\w+ ){0,3}?"
    r"(?:failures?|flak\w+|bugs?|breakage|issues?)\b"
    r"|(?:\bnot|n['\u2019]t) (?:ours|mine)\b"
    rf"|\bnot (?:related to this\b|(?:related to|caused by|from) (?:my|our|this|these) {_CHANGE})"
)
_DOUBTS = caseless(
    r"\?\W*$|\b(?:check|see|verify|know|find out|confirm) (?:if|whether)\b|\b(?:maybe|perhaps|might|could|probably)\b"
)
_EXPLAINS = caseless(
    r"\b(?:because|when(?:ever)?|if)\b|\bsince (?:i|we|it|the new|this)\b"
    r"|(?<!to )(?<!by )(?<!from )(?<!without )\b(?:my|our)\b"
)
"""What tells how a test fails, or of what is the agent's own: "pre-existing" may then be said of what the test has."""


def said_to_pass(
    failures: tuple[LiveFailure, ...], runs: Sequence[Run], messages: Sequence[Message], *, edits_told: bool
) -> tuple[LiveFailure, ...]:
    """Return ``failures`` with what was said of passing since the last run of a check, where that failed.

    That is what the agent said, or several people who work together. Where no edits are told, as in most copies, what
    it says it changed counts too.
    """
    last = failures[0].position if failures else 0
    later = [it.text for it in reversed(messages) if (it.by or it.role == "assistant") and it.position > last]
    if not failures or any(run.position > last for run in runs) or any(map(_STILL_RED.search, later)):
        return failures  # what is said to pass beside a red one is another
    told = [it for text in later for it in sentences(text)]
    failed = "\n".join(f"{it.name} {it.why} {it.command}" for it in failures if it.position == last)
    passed = next((it.strip() for it in told if _PASSES.search(it) and not _NOT_YET.search(it)), "")
    if not all(it in failed for it in _TESTS_NAMED.findall(passed)):
        return failures  # another test is told to pass
    if not (passed or edits_told):
        passed = next((it.strip() for it in told if says_changed(it)), "")
    return tuple(it.replace(passed=passed) if it.position == last else it for it in failures) if passed else failures


_PASSES = caseless(
    r"(?<!/)(?<!of )\b[1-9]\d* (?:tests? |specs? |checks? )?pass(?:ed|ing)?\b|\bpass(?:es)? now\b|\bnow pass(?:es)?\b"
    r"|\b(?:all|both|every) (?:of )?(?:the |\d+ )?(?:\w+ )?(?:tests?|checks?|specs?|suites?)"
    r" (?:now |all )?(?:pass(?:es|ed)?|succeed(?:ed)?|(?:is|are) (?:now )?green)\b|\b(?:is|are) (?:all )?green\b"
    r"|\b(?P<all>[1-9]\d*)(?: (?:of|von|de|sur) |/)(?P=all) (?:\w+ )?(?:pass(?:ed|ing)?|green|gr\xfcn|verdes?|verts?)\b"
    r"|\b(?:jetzt|wieder|alles|alle(?: \w+)? (?:ist|sind)) gr\xfcn\b|\btodo (?:est\xe1 )?(?:en )?verde\b"
    r"|\btout est vert\b"
)
_TESTS_NAMED = lazily(r"\b[Tt]est_?[A-Z_]\w+")
_STILL_RED = caseless(
    r"\b(?:(?:is|are|stays?|remains?|went|turned) (?:now |still )?(?:red|failing)"
    r"|(?:still|now) (?:fails?|failing|red)|fails? now|(?:bleib(?:t|en)|noch) (?:immer )?rot"
    r"|sigue(?:n)? (?:en )?roj[oa]s?|(?:reste|toujours) (?:au |en )?rouges?)\b"
)
_NOT_YET = caseless(
    r"\b(?:should|will|would|could|must|expect\w*|until|once|if|when|make sure|before|fail\w*|not|let me)\b"
    r"|n['\u2019]t\b"
)
"""Words beside which passing is only wished for, or is not all."""
