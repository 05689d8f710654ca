"""What pytest, and mocha, print of each test that failed, below lines with its name: why, and where."""

from __future__ import annotations

from handoff_cli.core.patterns import lazily

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


def raised_by_tests(lines: list[str]) -> dict[str, str]:
    """Return the first line of the error that pytest printed of each ``Class.test``, and where it was raised."""
    told: dict[str, str] = {}
    test = ""
    for line in lines:
        if begun := _HEAD.match(line):
            test = begun[1]
        elif test and test not in told and line.startswith("E  ") and line[1:].strip():
            told[test] = " ".join(line[1:].split())
        elif test in told and (at := _RAISED_AT.match(line)):
            told[test], test = f"{at[1]}: {told[test]}", ""
    return told


def headed_by_tests(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the tests whose failures pytest printed, each with why it failed, where no summary below names them."""
    test = file = at = why = ""
    for line in [*lines, _LAST]:
        if begun := _HEAD.match(line):
            if test and (at or why):
                yield f"{file}::{test.replace('.', '::')}" if file else test, ": ".join(filter(None, (at, why)))
            test, file, at, why = begun[1].removeprefix(_COLLECTING), "", "", ""
        elif test and (place := _PLACE.match(line)) and (not at or place[2] == _function(test)):
            file, at = "" if place[1].startswith(f"{test}:") else place[1].rpartition(":")[0], place[1]
        elif test and not why and line.startswith("E  ") and line[1:].strip():
            why = " ".join(line[1:].split())


def _function(test: str) -> str:
    return test.partition("[")[0].rpartition(".")[2]


_COLLECTING, _LAST = "ERROR collecting ", "__ . __"
_HEAD = lazily(r"_{2,} (?:ERROR at \w+ of )?(\S.{0,300}?) _{2,}$")
_RAISED_AT = lazily(r"(\S{1,200}\.py:\d+): \w+$")
_PLACE = lazily(r"(\S{1,200}\.py:\d+): (?:in (\S+)|\w+)$")


def listed_by_mocha(lines: list[str]) -> Iterator[tuple[int, str, str]]:
    """Yield where mocha lists a test that failed, its name with the suites it is nested in, and why it failed.

    As it runs it numbers them too, without the reason: the list stands below how many are failing.
    """
    begins = next((at for at in range(len(lines) - 1, -1, -1) if _FAILING.match(lines[at])), len(lines))
    for at in range(begins + 1, len(lines)):
        if not (first := _NUMBERED.match(lines[at])):
            continue
        parts, end = [first[1]], at + 1
        while not parts[-1].endswith(":") and end < min(at + _MOST_SUITES, len(lines)) and lines[end].strip():
            parts.append(lines[end].strip())
            end += 1
        if parts[-1].endswith(":"):
            why = next((it.strip() for it in lines[end : end + 3] if it.strip()), "")
            yield at, " ".join(parts)[:-1], why


_FAILING, _NUMBERED = lazily(r"\s+\d+ failing$"), lazily(r"\s+\d+\) (\S.*)$")
_MOST_SUITES = 8
