"""Tools with which an agent asks the user: the answers are the user's words, by the questions and options they took."""

from __future__ import annotations

import json

import pytest

from handoff_cli.transcripts.conversation.marks.questions import answers_in

QUESTIONS = {
    "questions": [
        {
            "id": "store",
            "prompt": "Where do sessions live?",
            "options": [{"id": "pg", "label": "PostgreSQL"}, {"id": "redis", "label": "Redis (recommended)"}],
        },
        {"id": "ttl", "prompt": "How long?", "options": [{"id": "h1", "label": "One hour"}]},
    ]
}

EXPORT = f"""_**User**_

Move the sessions.

---

_**Agent (model-x)**_

Two things to settle.

_**Agent (model-x)**_

<tool-use data-tool-type="unknown" data-tool-name="ask_question">
<details>
<summary>Tool use: **ask_question**</summary>


Parameters:

```json
{json.dumps(QUESTIONS, indent=2)}
```
Additional data:

```json
{{
  "status": "submitted"
}}
```
Result:

```json
{{
  "answers": [
    {{
      "freeformText": "",
      "questionId": "store",
      "selectedOptionIds": [
        "redis"
      ]
    }},
    {{
      "freeformText": "Two hours, and renew on use.",
      "questionId": "ttl"
    }}
  ]
}}
```
Status: **completed**


</details>
</tool-use>

<tool-use data-tool-type="unknown" data-tool-name="ask_question"><details>
<summary>Tool use: **ask_question**</summary>

</details></tool-use>

_**Agent (model-x)**_

Then I start with Redis.

---
"""


def test_answers_in_an_export(read):
    """What the user chose stands with the label of the option, what they wrote as it is; an empty twin drops out."""
    found = read(EXPORT)
    assert [(it.question, it.answer) for it in found.answers] == [
        ("Where do sessions live?", "Redis (recommended)"),
        ("How long?", "Two hours, and renew on use."),
    ]
    assert [it.name for it in found.tool_calls] == ["AskUserQuestion"]
    assert [it.text for it in found.messages] == [
        "Move the sessions.",
        "Two things to settle.",
        "Then I start with Redis.",
    ]


@pytest.mark.parametrize(
    "answer",
    [
        '{"answers": {"Where do sessions live?": "PostgreSQL", "How long?": "One hour"}}',
        '{"answers": {"store": {"answers": ["PostgreSQL"]}, "ttl": {"answers": ["One hour"]}}}',
        '{"answers": {"store": {"selected": ["PostgreSQL"], "freeText": null}, "ttl": {"selected": ["One hour"]}}}',
        '{"answers": [{"question": "Where do sessions live?", "answer": "pg"}, {"id": "ttl", "selected": "h1"}]}',
        'User has answered your questions: "Where do sessions live?"="PostgreSQL", "How long?"="One hour". Go on.',
        "Q: Where do sessions live?\nA: PostgreSQL\nQ: How long?\nA: One hour",
        "· Where do sessions live? → PostgreSQL\n· How long? → One hour",
    ],
)
def test_shapes_of_answers(answer):
    """Answers have many shapes; they are the same."""
    assert answers_in(QUESTIONS, answer) == (("Where do sessions live?", "PostgreSQL"), ("How long?", "One hour"))


def test_one_question_and_words():
    """The answer to a single question may be plain words."""
    asked = {"question": "Which port?", "options": ["5432", "5433"]}
    assert answers_in(asked, '{"answer": "5433"}') == (("Which port?", "5433"),)
    assert answers_in(asked, "5433, please") == (("Which port?", "5433, please"),)
    assert answers_in(asked, "") == ()
    assert answers_in(QUESTIONS, '{"answers": [{"questionId": "store", "freeformText": ""}]}') == ()
