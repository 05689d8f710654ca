"""Commits that are told of in words: on a line of their own, or within what the agent says that it did."""

from __future__ import annotations

from handoff_cli.core.patterns import compiled

_OWN_LINE = compiled(
    r"(?:[>*-] )?(?:Committed(?: as)?|Commit(?:ted)?:?"
    r"|Created commit)\s+`?([0-9a-f]{7,40})`?:?\s+[\"“`]?(.{3,300}?)[\"”`]?\.?$"
)
_COUNTS_FILES = compiled(r"\(?\d{1,5} files?\b")
_WITHIN = compiled(
    r"(?:(?<=[.!;:,] )|(?<=\()|^)(?:(?:[Cc]ommit(?:ted)?|COMMIT)(?: as| is| ist|:)?"
    r"|(?P<did>[Dd]one|[Ff]ixed|[Cc]orrected|[Ii]mplemented|[Ee]rledigt|[Bb]ehoben) in) [`\[]?"
    r"(?=[a-f]{0,39}\d)(?P<hash>[0-9a-f]{7,40})[`\]]?(?:: (?P<subject>.{3,300})|[.,;:)]|$|(?P<goes_on> ))"
)
_SENTENCE = compiled(r".{12,200}?[.;](?= [A-ZÀ-Þ])")


def committed_on(text: str) -> tuple[str, str, bool] | None:
    """Return the hash of the commit that a line tells of, what is said of it, and whether the line says more."""
    found = _OWN_LINE.match(text)
    if not found:
        return None
    if _COUNTS_FILES.match(found[2]):  # what it says of the commit is not its subject
        return found[1], "", True
    first = _SENTENCE.match(found[2])
    return found[1], first[0][:-1] if first else found[2], first is not None


def committed_within(text: str) -> tuple[str, str] | None:
    """Return the hash of a commit that a sentence of who works says to be made, and what it says of it."""
    found = _WITHIN.search(text) if "ommit" in text or " in " in text else None
    before = text[: found.start()] if found else ""
    within = before.removesuffix("(").count("(") > before.count(")")
    if not found or within or (before and found["goes_on"]):
        return None
    subject = found["subject"] or before.rstrip(" (.,;:") or found["did"] or text[found.end() :].strip()
    first = _SENTENCE.match(subject)
    return found["hash"], (first[0][:-1] if first else subject).rstrip(".")
