"""Which of several who speak does the work: whom others call upon, and who says what they did, or shows it."""

from __future__ import annotations

from handoff_cli.core.patterns import compiled
from handoff_cli.core.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_MENTION = compiled(r"(?:^|(?<=[\s(]))@([^\W_](?:[\w.-]*\w)?)(?![\w/])")
_VOCATIVE = compiled(r"(?:^|(?<=\n)|(?<=[,.!?] ))([^\W\d_][\w.-]{0,30})(?: [A-Z][\w.-]{0,30})?[,:](?= |$)")
"""Whom a sentence begins with, or a part of it, and a comma or a colon behind them."""

_HAS_DONE = compiled(
    r"(?:(?:Done|OK|Okay|Sure|Right|Agreed|Yes|Understood|Sorry|Ja|Ok)\b[^.!\n]{0,20}[,.!:;\u2014\u2013-]{1,2} ?)?"
    r"(?:Done|Fixed|Added|Pushed|Changed(?! my\b)|Updated|Reverted|Implemented|Committed|Rebased|Created|Renamed"
    r"|I(?:['\u2019]ve| have)? (?:\w{2,8}ly )?"
    r"(?!(?:need|want|tri|notic|expect|us|experienc|hop|wonder|agre|report|ask)(?:ed)?\b)"
    r"(?:\w{2,20}ed|wrote|put|made|read|ran|found|built)\b"
    r"|Erledigt|Umgesetzt|Implementiert|Fertig|Eingebaut|Behoben|Geändert"
    r"|Ich habe [^?!]{0,120}?(?<![^\W_])\w{0,12}ge\w{2,20}[tn]\b"
    r"|C['\u2019]est fait|Fait\b|Corrigé|Ajouté|J['\u2019]ai \w{2,20}(?:é|i|u|is)\b|Hecho|Listo"
    r"|He \w{2,20}(?:ado|ido)\b|Fatto|Ho \w{2,20}(?:ato|ito|uto)\b|Feito|Pronto)"
)
_SHOWS = compiled(
    r"(?:^|(?<=[\s(`]))(?:[Cc]ommit(?:ted|s)?|[Pp]ushed)(?: (?:as|is|in))?:? [`(\[]?(?=[a-f]{0,39}\d)[0-9a-f]{7,40}\b"
    r"|^\s{0,8}(?:\$|PS>) \S"
)
_LEAST_DEEDS, _MOST_TURNS = 2, 3
"""Who works tells of it at least twice, and in one of so many turns."""


class Doing(Record):
    """How often one spoke, was called upon, and told in their own words of work done."""

    turns: int = 0
    called: int = 0
    deeds: int = 0


def called_upon(text: str) -> set[str]:
    """Return whom ``text`` may call upon, in small letters: a first name, an account, or any word before a comma."""
    found = _MENTION.findall(text) if "@" in text else []
    return {it.casefold() for it in (*found, *_VOCATIVE.findall(text))}


def tells_of_work(text: str) -> bool:
    """Return whether a line tells of work that its speaker did, or shows a command or a commit."""
    return bool(_HAS_DONE.match(text) or _SHOWS.search(text))


def is_called(name: str, called: Iterable[str]) -> bool:
    """Return whether one is meant by any of the words in small letters: by the whole name, or by how it begins."""
    return not called_as(name).isdisjoint(called)


def called_as(name: str) -> set[str]:
    """Return the words in small letters by which one is called."""
    plain = name.casefold().lstrip("@")
    return {plain, plain.partition(" ")[0]}


def doer(spoken: Mapping[str, Doing], first: str) -> str:
    """Return who does the work, empty where that is nobody, or more than one.

    It is who tells of it again and again, of those upon whom somebody called if any of them do. Who speaks ``first``
    asks, unless somebody calls upon them.
    """
    able = {name: it for name, it in spoken.items() if it.deeds >= _LEAST_DEEDS and it.deeds * _MOST_TURNS >= it.turns}
    able = {name: it for name, it in able.items() if name != first or it.called}
    able = {name: it for name, it in able.items() if it.called} or able
    ranked = sorted(able, key=lambda it: (able[it].deeds, able[it].called))
    if not ranked or (ranked[1:] and able[ranked[-2]].deeds * 2 > able[ranked[-1]].deeds):
        return ""
    return ranked[-1]
