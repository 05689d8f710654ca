"""Why a test failed, where the line that names it does not say: what stands below it, or was printed as it ran."""

from __future__ import annotations

from handoff_cli.core.patterns import IGNORECASE, caseless, lazily

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

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
    for line in lines[index + 1 : index + _NEAR]:
        if _GO_ENDED.match(line):
            break
        if line.strip() and _TELLING.search(line) and not _ONLY_PLACE.match(line):
            sides = (
                [it.strip() for it in lines[index + 1 : index + _NEAR] if _SIDE.match(it)] if _MATCHER in line else []
            )
            return LINE_BREAK.join(" ".join(it.split()) for it in (sides[:_SIDES] or [line]))
    return ""


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


def panics_in(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the tests of Rust that panicked: where, and what was said, with both sides of an assertion.

    ``cargo test`` heads what a test printed; elsewhere its thread has its name.
    """
    test = ""
    for index, line in enumerate(lines):
        if begun := _PRINTED.match(line):
            test = begun[1]
        elif panic := _PANIC.match(line):
            said = [panic[2]] if panic[2] else []
            for below in lines[index + 1 : index + _PANIC_LINES]:
                if not below.strip() or below.lstrip().startswith(("note:", "----", "stack backtrace")):
                    break
                said.append(below.strip())
            yield test or panic[1], f"{panic[3]}: {', '.join(said)}"
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
_RAISED = lazily(r"(?P<why>(?:\w+\.)*\w*(?:Error|Exception|Exit|Interrupt)\b(?::.*)?)$")
_PRINTED = lazily(r"---- (\S+) stdout ----$")
_PANIC = lazily(r"\s*thread '([^']*)' (?:\(\d+\) )?panicked at (?:'(.+)', )?(\S+:\d+:\d+):?$")
_PANIC_LINES = 6
_GO_BEGUN = lazily(r"=== (?:RUN|CONT|NAME)\s+(\S+)$")
_GO_GOT = lazily(r"\s+(?:got|want|expected|actual|diff)\b", IGNORECASE)
_GO_ENDED = lazily(r"\s*--- (?:FAIL|PASS|SKIP)|(?:FAIL|PASS|ok)\b")
_GO_LOGGED = lazily(r"\s+\S+\.go:\d+: ")
_TESTIFY = lazily(r"\s+Error:\s+(\S.*)$")
_ONLY_PLACE = lazily(r"\s*(?:Error Trace:.*|\S+:\d+:\s*)$")
