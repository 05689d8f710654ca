"""Tools with which an agent asks the user: what they ask, and what was answered, in the shapes that exports have."""

from __future__ import annotations

from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.values import as_dict, as_list, as_str, decode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    Pair = tuple[str, str]
    """A question and its answer."""

_QUESTION = ("question", "prompt", "text", "title", "header")
_KEY = ("questionId", "question", "id", "header", "prompt")
_CHOSEN = ("selectedOptionIds", "selectedOptions", "selected", "answers", "answer", "value", "label", "choice")
_WRITTEN = ("freeformText", "freeText", "customText", "other", "notes", "text")
_MOST_CHARS, _DEEPEST = 1 << 16, 3
_QUOTED = compiled(r'"([^"]{1,2000})"="([^"]*)"')
_POINTED = compiled(r"(?m)^\s*[·•*-]?\s*(\S.{0,500}?) (?:→|->) (\S.{0,2000})$")
_LETTERED = compiled(
    r"(?m)^\s*(?:\*\*)?Q(?:uestion)?(?: ?\d{1,2})?:(?:\*\*)? (\S.*)\n+"
    r"\s*(?:\*\*)?A(?:nswer)?(?: ?\d{1,2})?:(?:\*\*)? (\S.*)$"
)


class _Question:
    """One question: its ``text``, the names that answers may give it, and what options their ids stand for."""

    def __init__(self, asked: dict[str, Any]) -> None:
        self.text = next(filter(None, (as_str(asked.get(key)).strip() for key in _QUESTION)), "")
        self.names = {as_str(asked.get(key)) for key in _KEY} - {""}
        options = [it for it in as_list(asked.get("options")) if isinstance(it, dict)]
        self.options = [as_str(it.get("label")) for it in options]
        self.labels = {as_str(it.get("id") or it.get("value")): as_str(it.get("label")) for it in options}

    def answered(self, answer: Any, depth: int = 0) -> str:
        """Return an answer in words: the labels of what was chosen, and what was written."""
        if isinstance(answer, str):
            return self.labels.get(answer) or answer.strip()
        if isinstance(answer, list):
            return ", ".join(filter(None, (self.answered(it, depth + 1) for it in answer if depth < _DEEPEST)))
        if not isinstance(answer, dict) or depth > _DEEPEST:
            return ""
        chosen = next(filter(None, (self.answered(answer.get(key), depth + 1) for key in _CHOSEN)), "")
        written = next(filter(None, (as_str(answer.get(key)).strip() for key in _WRITTEN)), "")
        return ": ".join(dict.fromkeys(filter(None, (chosen, written))))


def asked_of(given: Any) -> Any:
    """Return the input of a tool that asks as it is told: the questions with what may be chosen, without ids."""
    asked = [it for it in as_list(as_dict(given).get("questions")) if isinstance(it, dict)]
    if not asked:
        return given
    return {"questions": [{"question": it.text, "options": it.options} for it in map(_Question, asked)]}


def answers_in(given: Any, text: str) -> tuple[Pair, ...]:
    """Return the user's answers that the result ``text`` of a tool tells, by the questions of its input ``given``."""
    fields = as_dict(given)
    asked = [_Question(it) for it in map(as_dict, as_list(fields.get("questions")) or [fields])]
    asked = [it for it in asked if it.text]
    text = text[:_MOST_CHARS].strip()
    value = decode(text) if text[:1] in ("{", "[") else None
    pairs = _of_data(asked, value) if isinstance(value, dict | list) else _of_words(asked, text)
    return tuple((question, answer) for question, answer in pairs if question and answer)


def _of_data(asked: list[_Question], value: Any) -> Iterator[Pair]:
    """Yield the answers that a result in JSON holds."""
    answers = value.get("answers", value) if isinstance(value, dict) else value
    if isinstance(answers, list):
        for number, answer in enumerate(answers):
            names = {as_str(as_dict(answer).get(key)) for key in _KEY} - {""}
            place = asked[number] if number < len(asked) and not names else None
            question = _by_names(asked, names) or place or _Question(as_dict(answer))
            yield question.text, question.answered(answer)
    elif len(asked) == 1 and not any(_by_names(asked, {key}) for key in as_dict(answers)):
        yield asked[0].text, asked[0].answered(answers)
    else:
        for key, answer in as_dict(answers).items():
            question = _by_names(asked, {key}) or _Question({"question": key})
            yield question.text, question.answered(answer)


def _by_names(asked: list[_Question], names: set[str]) -> _Question | None:
    return next((it for it in asked if it.names & names), None)


def _of_words(asked: list[_Question], text: str) -> Iterator[Pair]:
    """Yield the answers that a result in words holds: with their questions, or all of it the answer to the only one."""
    for shape in (_QUOTED, _LETTERED, _POINTED):
        if found := shape.findall(text):
            yield from ((question.strip(), answer.strip()) for question, answer in found)
            return
    if len(asked) == 1:
        yield asked[0].text, text
