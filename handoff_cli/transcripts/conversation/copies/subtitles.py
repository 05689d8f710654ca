"""Subtitles of a recorded meeting (WebVTT, SubRip): what each said in a row, as a line of a chat."""

from __future__ import annotations

from itertools import chain, islice

from handoff_cli.core.patterns import compiled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from handoff_cli.transcripts.conversation.copies.given import Given

_CUE = compiled(r"\s*(?:(\d\d):)?(\d\d):(\d\d)[.,]\d{3} --> [\d:.,]{9,13}(?: .{0,80})?$")
_VOICE = compiled(r"<v(?:\.[\w.]{1,20})? ([^<>]{1,60})>(.*?)(?:</v>)?$")
_NAMED = compiled(r"(?:>> ?)?([^\W\d_][\w.'()-]{0,30}(?: [\w.'()-]{1,30}){0,3}): (.+)$")
_BEGIN_LINES = 8


def as_chat(lines: Iterable[Given]) -> Iterator[Given]:
    """Yield ``lines``, of subtitles as a chat; any other text as it is."""
    rest = iter(lines)
    first = [*islice(rest, _BEGIN_LINES)]
    filled = [it[1].strip() for it in first if it[1].strip()]
    is_subtitles = filled[:1] == ["WEBVTT"] or (len(filled) > 1 and filled[0].isdigit() and _CUE.match(filled[1]))
    return _spoken(chain(first, rest)) if is_subtitles else chain(first, rest)


def _spoken(lines: Iterable[Given]) -> Iterator[Given]:
    """Yield a line for each turn: when it began, who spoke, and all that they said."""
    number, begins, name, clock = 0, False, "", ""
    said: list[str] = []
    is_text = False
    now = ""
    for number, text, at_piece in lines:
        begins = begins or at_piece
        if cue := _CUE.match(text):
            is_text, now = True, f"{cue[1] or '00'}:{cue[2]}:{cue[3]}"
        elif not text.strip():
            is_text = False
        elif is_text:
            told = _VOICE.match(text) or _NAMED.match(text)
            if told and told[1] != name:
                if said:
                    yield number, _turn(clock, name, said), begins
                    yield number, "", False
                    begins = False
                name, clock, said = told[1], now, []
            clock = clock or now
            said.append((told[2] if told else text).removesuffix("</v>").strip())
    if said:
        yield number, _turn(clock, name, said), begins


def _turn(clock: str, name: str, said: list[str]) -> str:
    return f"[{clock}] {name}: {' '.join(said)}" if name else " ".join(said)
