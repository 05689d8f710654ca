"""Why something failed: what a run printed of it, and what the agent said that it came of."""

from __future__ import annotations

from itertools import takewhile

from handoff_cli.core.light import bisect_right
from handoff_cli.core.patterns import IGNORECASE, caseless, lazily
from handoff_cli.core.text import indent_of
from handoff_cli.documents.extract.commands.sides import sides_apart
from handoff_cli.documents.extract.language.findings import blames, is_talk, subject_of, worth_of
from handoff_cli.documents.extract.language.objections import PROPOSES
from handoff_cli.documents.extract.language.shortened import brief
from handoff_cli.documents.extract.language.units import units
from handoff_cli.documents.extract.language.words import PART, SENTENCE_END, beginning

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from handoff_cli.core.transcript import Transcript


LINE_BREAK = " | "
"""Between the lines of an error that is written on one."""

GO_FAILED = r"\s*--- FAIL: (?P<name>\S+)"
_FAILED = lazily(GO_FAILED)
WHOLE = lazily(r"FAIL\s+(?P<name>[\w@-]+[./][\w./@-]+)(?:\s+(?:\(?[\d.]+ ?m?s\)?|\(cached\)|\[[\w ]+\]))*$")
"""A package or a file in which something failed: it is told where no names are, as behind ``tail``."""


RACE = lazily(r"(?:Read|Write) at 0x\S+ by [^\n]+\n\s+(\S+\(\S*)\n\s+(\S+:\d+)")
"""What go's race detector says first: which function met, and where."""

_TELLING = caseless(
    r"assert|expect|error|panic|exception|got|want|should|mismatch|!=|not equal|undefined|cannot|missing|received"
    r"|' failed$"
)
_NEAR = 14


def reason_below(lines: list[str], index: int) -> str:
    """Return the first telling line after a failed test's name, before the next name."""
    for at, line in enumerate(lines[index + 1 : index + _NEAR], index + 2):
        if _GO_ENDED.match(line):
            break
        if _BLOCK_OF_YAML.match(line):
            inner = indent_of(line)
            below = takewhile(lambda it: not it.strip() or indent_of(it) > inner, lines[at : at + _NEAR])  # noqa: B023
            return LINE_BREAK.join([" ".join(it.split()) for it in below if it.strip()][:_SIDES])
        tells = _TELLING.search(line) or _HEADS_ERROR.match(lines[at - 2])
        if line.strip() and tells and not _ONLY_PLACE.match(line):
            sides = (
                [it.strip() for it in lines[index + 1 : index + _NEAR] if _SIDE.match(it)] if _MATCHER in line else []
            )
            raised = _raised_by(lines, at) if _FRAME_OF_PYTHON.match(lines[at - 2]) else ""
            if not sides and _LEADS_ON.search(line):  # what was expected stands below, and what came
                sides = [line, *(it for it in lines[at : at + _SIDES] if _SIDES_BELOW.search(it))]
            told = LINE_BREAK.join(" ".join(it.split()) for it in (sides[: _SIDES + 1] or [line]))
            apart = "" if sides else sides_apart(lines[at:])
            told = f"{beginning(told, _ERROR_CHARS)}{LINE_BREAK}{apart}" if apart else told
            return f"{raised} ({told})" if raised else told
    return ""


def _raised_by(lines: list[str], at: int) -> str:
    """Return the error that Python raised in the frame whose code stands before ``lines[at]``, empty if unsaid."""
    return next((it for it in lines[at : at + _NEAR] if _RAISED.match(it)), "")


_ERROR_CHARS = 90
"""So much is told of an error before the sides that it prints at length."""

_FRAME_OF_PYTHON = lazily(r'\s+File "')


_BLOCK_OF_YAML = lazily(r"\s+(?:error|message): [|>][-+]?\s*$")
"""How a test that speaks TAP leads up to lines of its error."""

_SIDES_BELOW = caseless(r"^\s*(?:expected|but was|actual|received|got|to (?:be|equal|contain)|expecting)\b")
_LEADS_ON = lazily(r"(?:Error|Exception):\s*$|\bAssert\.\w+\(\) Failure\b")
_MATCHER, _SIDES = "expect(received)", 2
_SIDE = lazily(r"\s+(?:Expected|Received)\b[^:\n]*:")
"""What jest prints of an expectation: which sides met."""


def logged_by_tests(lines: list[str]) -> dict[str, str]:
    """Return what ``go test -v`` printed of each test, as it goes: the first line that tells, else the last."""
    told: dict[str, str] = {}
    telling: set[str] = set()
    test = ""
    for index, line in enumerate(lines):
        if begun := _GO_BEGUN.match(line):
            test = begun[1]
        elif test not in telling and (said := _TESTIFY.match(line)):
            telling.add(test)
            told[test] = " ".join(said[1].split())
        elif test not in telling and _GO_LOGGED.match(line) and not _ONLY_PLACE.match(line):
            below = lines[index + 1] if index + 1 < len(lines) and _GO_GOT.match(lines[index + 1]) else ""
            told[test] = " ".join(f"{line}{LINE_BREAK * bool(below)}{below}".split())
            if _TELLING.search(told[test]):
                telling.add(test)
    return told


def expected_by_tests(lines: list[str]) -> dict[str, str]:
    """Return what GoogleTest printed of the first expectation of each test that was not met, and where it stands.

    ``ctest`` heads what a test printed by the line that says that it failed.
    """
    told: dict[str, str] = {}
    test = ""
    for index, line in enumerate(lines):
        if begun := _TEST_BEGUN.match(line):
            test = begun[1] or begun[2]
        elif (unmet := _UNMET.match(line)) and test not in told:
            below = takewhile(lambda it: not _UNMET_ENDS.match(it), lines[index + 1 : index + _NEAR])
            said = LINE_BREAK.join(" ".join(it.split()) for it in below)
            told[test] = f"{unmet[1]}: {said}" if said else unmet[1]
    return told


_LOOKED_FOR = lazily(r" with \{:?locale\b.*|,? searched in:.*")
"""What Rails tells of a template that is missing, at length: where and how it was looked for."""


def examples_of_rspec(lines: list[str]) -> dict[str, str]:
    """Return what RSpec printed of each example that failed, by its description: where, and what was not as expected.

    Of an example that failed in several ways each is told.
    """
    told: dict[str, list[str]] = {}
    name, said, place = "", list[str](), ""
    begins = next((at for at, line in enumerate(lines) if line.startswith("Failures:")), len(lines))
    for line in (*lines[begins:], "Finished in"):
        example, fails = _EXAMPLE.match(line), _FAILS_AT.match(line)
        if (example or fails or _ENDS_EXAMPLES.match(line)) and said:
            told.setdefault(name, []).append(": ".join(filter(None, (place, " ".join(said[1:]) or said[0]))))
            said, place = [], ""
        if example:
            name = example[1]
        elif fails and name:
            said = [fails[1]]
        elif said and (at := _FRAME_OF_RUBY.match(line)):
            place = place or at[1]
        elif said and line.strip() and not place and len(said) <= _SIDES and "[Screenshot" not in line:
            said.append(_LOOKED_FOR.sub("", " ".join(line.split())))
    return {name: LINE_BREAK.join(_each_way(ways)) for name, ways in told.items()}


def _each_way(ways: list[str]) -> list[str]:
    """Return the ``ways`` in which one test failed: of several what was raised first, and each in few words."""
    if len(ways) == 1:
        return ways
    return [brief(it, _OF_A_WAY) for it in sorted(ways, key=lambda it: not _RAISES.search(it))]


_OF_A_WAY, _RAISES = 110, lazily(r"\b[A-Z]\w*(?:::[A-Z]\w+)+|\b[A-Z]\w+(?:Error|Exception)\b")
_ENDS_EXAMPLES = lazily(r"Finished in|\d{1,6} examples?, |Failed examples:|rspec \./")
_EXAMPLE = lazily(r"  \d{1,4}\) (\S.{0,300})$")
_FAILS_AT = lazily(r"\s+(?:\d+\.\d+\) )?Failure/Error: (.+)$")
_FRAME_OF_RUBY = lazily(r"\s+# (?:\./)?(\S{1,200}\.\w+:\d+)(?::in\b.*)?$")


_TEST_BEGUN = lazily(r"\[ RUN      \] (\S+)|\s*\d+/\d+ Test +#\d+: (\S+) \.*\*{3}")
_UNMET = lazily(r"(\S+\.\w+(?::\d+|\(\d+\))): (?:Failure|error)\b")
_UNMET_ENDS = lazily(r"\s*$|\[|\d+% tests passed")


def packages_of_tests(lines: list[str]) -> dict[str, str]:
    """Return the package of each test of go that failed: its line stands below those of its tests."""
    found: dict[str, str] = {}
    package = ""
    for line in reversed(lines):
        if whole := WHOLE.match(line):
            package = whole[1]
        elif failed := _FAILED.match(line):
            found.setdefault(failed["name"], package)
    return found


def wholes_in(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the packages and files in which something failed, each with what panicked there and where, empty if unsaid.

    What panics in a goroutine of its own ends the run of the package without a name of a test.
    """
    why = ""
    for index, line in enumerate(lines):
        if whole := WHOLE.match(line):
            yield whole[1], why
        elif panic := _PANIC_OF_GO.match(line):
            below = (_FRAME_OF_GO.match(it) for it in lines[index + 1 : index + _FRAMES])
            place = next((it[1] for it in below if it and "/src/runtime/" not in it[0]), "")
            why = f"{panic[0]} ({place})" if place else panic[0]
        why = "" if whole or line.startswith("ok") else why


_PANIC_OF_GO = lazily(r"(?:panic|fatal error): .*\S")
_FRAME_OF_GO = lazily(r"\s+\S{0,200}/([^\s/:]{1,80}\.go:\d+)(?: \+0x\w+)?$")


def panics_in(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the tests of Rust that panicked, or ended with an error: where, and what was said, with both sides.

    ``cargo test`` heads what a test printed; elsewhere its thread has its name.
    """
    test = ""
    for index, line in enumerate(lines):
        if begun := _PRINTED.match(line):
            test = begun[1]
        elif panic := _PANIC.match(line):
            said = [it for it in (panic[2] or panic[4],) if it]
            for below in lines[index + 1 : index + _PANIC_LINES]:
                if not below.strip() or below.lstrip().startswith(_PANIC_ENDS) or _PANIC.match(below):
                    break
                said.append(below.strip())
            yield test or panic[1] or "", f"{panic[3]}: {', '.join(said)}"
            test = ""
        elif test and line.startswith("Error: "):  # of a test that returns one
            yield test, line
            test = ""


def cycle_at(lines: list[str], index: int) -> str:
    """Return the packages of an import cycle in their order, each with the file that imports the next.

    What led to the cycle is left out: it begins with the package that it ends with.
    """
    chain: list[str] = []
    last = ""
    while index >= 0 and (found := _IMPORTS.match(lines[index])):
        package = found["name"] or found["first"]
        short = package.rpartition("/")[2]
        closed = package == last or bool(found["first"])
        chain.append(f"{found['file']} imports {short}" if found["file"] and not closed else short)
        if closed:
            break
        last = last or package
        index -= 1
    return ", ".join(reversed(chain[:_CHAIN]))


_CHAIN = 8


def raised_in(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the place and the words of the last exception that ended a Python program."""
    for index in range(len(lines) - 1, 0, -1):
        if (found := _RAISED.match(lines[index])) and lines[index - 1].startswith("  "):
            frames = [at for line in lines[max(0, index - _FRAMES) : index] if (at := _FRAME.match(line))]
            own = [at for at in frames if "site-packages" not in at["file"] and "/lib/python" not in at["file"]]
            if frames:
                at = (own or frames)[-1]
                code = "" if ":" in found["why"] else lines[lines.index(at.string) + 1].strip()
                yield f"{at['file']}:{at['line']}", f"{found['why']}: {code}" if code else found["why"]
            return


_FRAMES = 60


_IMPORTS = lazily(r"(?:package (?P<first>\S+)|\s+imports (?P<name>\S+)(?: from (?P<file>[^\s:]+))?)(?::.*)?$")  # go
_FRAME = lazily(r'\s+File "(?P<file>[^"]+)", line (?P<line>\d+)')
_RAISED = lazily(r"(?P<why>(?:\w+\.)*\w*(?:Error|Exception|Failure|Exit|Interrupt)\b(?::.*)?)$")
_PRINTED = lazily(r"---- (\S+) stdout ----$")
_PANIC = lazily(r"\s*thread (?:'([^']*)' )?(?:\(\d+\) )?panicked at (?:'(.+)', )?(\S+:\d+:\d+):?(?: (\S.*))?$")
_PANIC_LINES = 6
_PANIC_ENDS = ("note:", "----", "stack backtrace", "test result:", "error: test failed")
_GO_BEGUN = lazily(r"=== (?:RUN|CONT|NAME)\s+(\S+)$")
_GO_GOT = lazily(r"\s+(?:got|want|expected|actual|diff)\b", IGNORECASE)
_GO_ENDED = lazily(r"\s*--- (?:FAIL|PASS|SKIP)|(?:FAIL|PASS|ok)\b")
_GO_LOGGED = lazily(r"\s+\S+\.go:\d+: ")
_TESTIFY = lazily(r"\s+Error:\s+(\S.*)$")
_HEADS_ERROR = lazily(r"\s*Error Message:\s*$")
_ONLY_PLACE = lazily(r"\s*(?:Error Trace:.*|Error Message:\s*|\S+:\d+:\s*)$")


_OF_THE_USER = ("The user", "User")
_CAUSE_CHARS, _MOST_TEXTS, _LEAST_SHARED = 150, 6, 2


class Causes:
    """Finds in what the agent said and thought the sentence that tells why something failed."""

    def __init__(self, transcript: Transcript) -> None:
        said = [it for it in (*transcript.messages, *transcript.reasonings) if it.role != "user"]
        self._said = sorted(said, key=lambda it: it.position)
        self._places = [it.position for it in self._said]

    def between(self, after: int, before: int, about: str) -> str:
        """Return what tells a cause of what ``about`` tells, said in a stretch of the log; empty where nothing does."""
        said = self._said[bisect_right(self._places, after) : bisect_right(self._places, before)]
        wanted = set(_parts_of(about))
        best, most = "", 0.0
        first, last = said[:_MOST_TEXTS], said[_MOST_TEXTS:][-_MOST_TEXTS:]
        for text in (*first, *last):  # a diagnosis follows the failure, or comes right before its mend
            for unit in units(text.text):
                names = subject_of(unit) if _is_told(unit) else ()
                shared = sum(not wanted.isdisjoint(_parts_of(it)) for it in names)
                worth = worth_of(unit) + shared
                if shared >= _LEAST_SHARED and worth >= most:
                    best, most = unit, worth
        if len(best) > _CAUSE_CHARS:  # what leads up to the cause would stand in its place
            cause = next(filter(_is_told, SENTENCE_END.split(best)), best)
            best = best if cause.startswith(_OF_THE_LAST) else cause
        return brief(best, _CAUSE_CHARS)

    def are_as_meant(self, after: int, before: float) -> bool:
        """Return whether the first words in a stretch of the log say of what failed that it had to."""
        said = self._said[bisect_right(self._places, after) : bisect_right(self._places, before)]
        return any(_AS_MEANT.search(it.text[:_MEANT_CHARS]) for it in said[:1])


_OF_THE_LAST = ("This ", "That ", "It ", "Which ", "These ")
"""How a sentence begins that says of the one before it that this is the cause."""

_AS_MEANT, _MEANT_CHARS = (
    caseless(
        r"\b(?:fail(?:s|ed|ing)?|red)\b(?:(?!\b(?:not|none|but|rest|others?|pass\w*)\b)[^.!\n]){0,40}"
        r"\bas (?:(?:it|they|both) should|expected|intended|planned|meant)"
        r"|(?<!not )\b(?:as expected|expectedly),? (?:(?:(?! (?:and|but) )[^.!\n]){0,60}\b(?:fails|failed|red)"
        r"|(?:(?! but )[^.!\n]){0,60}\bfail)\b|\bred first\b"
    ),
    200,
)
"""How words begin that find a check red as it was meant to be."""


def _is_told(unit: str) -> bool:
    """Return whether a sentence tells a cause, by itself and for certain."""
    return (
        bool(blames(unit) or _THAT_IS.search(unit) or _NEVER.search(unit))
        and not unit.startswith(_OF_THE_USER)
        and not _SEVERAL.match(unit)
        and not _MUSES.search(unit)
    )


_THAT_IS = caseless(
    r"\b(?:that|this|it)(?:['\u2019]s| is| was) (?:the|a|our) (?:race|bug|problem|cause|issue|reason|culprit|leak)\b"
)
_NEVER = caseless(
    r"\b(?:never|not|n['\u2019]t) \w+\b[^.:;]{0,40}\b(?:since|as long as|until|before|after)\b"
    r"|\bso (?:it|they|this|that|nothing|the \w+)\b[^.]{0,30}\b(?:never|not|no longer|fails?|breaks?|always)\b"
)
_SEVERAL = caseless(r"\W*(?:[\w'\u2019]+ ){0,4}(?:two|three|four|five|[2-9])\b[^:]{0,60}: [^;]{3,200}; ")
"""How a sentence begins that lists several causes: each of them is told by itself as well."""

_MUSES = caseless(
    r"\blet me\b|\.\.\.|\?\W*$|^\W*(?:wait|hmm|maybe|perhaps|this makes sense|understood|noted|got it|agreed|will do)\b"
    r"|\bshould (?:now )?(?:be (?:broken|fixed|gone|resolved)|work|pass)\b"
)


def pointed_on(cause: str, told: Sequence[str], texts: Sequence[tuple[int, str, str]]) -> str:
    """Return the sentence that a ``cause`` points on to, empty for none: the next ``told``, or one said right after.

    It tells what follows from it, or where it strikes. The first of the ``texts`` (place, text, source) holds the
    cause, of the others the next that was said counts: behind what somebody reported it tells of something else.
    """
    (_, _, source), *later = texts
    after = next((text for _, text, by in later if by == "said"), "") if source in ("said", "thought") else ""
    return next((it for it in (*told, *units(after)[:1]) if _points_on(cause, it)), "")


NEAR = 12
"""Of so many texts after a cause the first that was said may tell its point: the others are empty."""


def _points_on(cause: str, following: str) -> bool:
    if following.endswith("?") or is_talk(following) or PROPOSES.search(following):
        return False
    strikes = bool(_STRIKES.search(following)) and not _named(following) <= _named(cause)
    return strikes or bool(_FOLLOWS.match(following))


def _named(text: str) -> set[str]:
    return set(_CODE.findall(text))


_CODE = lazily(r"`[^`\n]{2,80}`")
_FOLLOWS = caseless(r"(?:so|then|which|that['\u2019]?s why|because|therefore|hence|as a result|(?:this|that) means)\b")
_STRIKES = caseless(
    r"\b(?:refuses?|fails?|rejects?|crashes|throws?|raises?|panics?|breaks?|blocks?|hangs?|never|drops?|loses?|overwrites?)\b"
)


def _parts_of(text: str) -> list[str]:
    """Return the words that names and words of ``text`` are made of, in small letters."""
    return [it.lower() for it in PART.findall(text)]
