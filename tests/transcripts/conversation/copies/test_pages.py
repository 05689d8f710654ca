"""Conversations in a saved page or in a table."""

from __future__ import annotations

import pytest

PAGE = """<!DOCTYPE html>
<html><head><title>Chat</title><style>.user{color:red}</style><script>if (a < b) run("User: no")</script></head><body>
<nav><a href="/">New chat</a></nav>
<div class="turn" data-message-author-role="user"><div class="text"><p>The total is wrong &amp; never use
floats.</p></div></div>
<div class="turn" data-message-author-role="assistant"><p>Looking at <code>cart.py</code> now.</p>
<pre><code class="language-console">$ pytest -q
1 failed, 3 passed
</code></pre><p>Edited <code>src/cart.py</code></p><ul><li>round it</li></ul></div>
<div class="turn" data-message-author-role="user"><p>go on</p></div>
</body></html>
"""
TABLE = """timestamp,role,content
2026-03-04T10:00:00Z,user,"The total is wrong, never use ""floats""
at all"
2026-03-04T10:01:00Z,assistant,"$ pytest -q
1 failed, 3 passed"
2026-03-04T10:02:00Z,user,go on
"""


@pytest.mark.parametrize("cut", [1, 4, 6, 9, 20])
def test_a_saved_page(read, cut):
    """Who speaks stands in attributes; scripts and styles are nobody's words; a page may be cut anywhere."""
    lines = PAGE.splitlines(keepends=True)
    found = read("".join(lines[:cut]), *(["".join(lines[cut:])] if lines[cut:] else []))
    assert [it.text for it in found.messages if it.role == "user"] == [
        "The total is wrong & never use floats.",
        "go on",
    ]
    assert found.messages[1].text == "Looking at `cart.py` now."
    assert [(it.text, it.outcome) for it in found.commands] == [("pytest -q", "failed")]
    assert [it.path for it in found.files if it.action == "modified"] == ["src/cart.py"]


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_a_table_of_messages(read, sign):
    """Texts over several lines, in quotation marks."""
    text = "\n".join(line.replace(",", sign, 2) for line in TABLE.split("\n"))
    found = read(text)
    assert [(it.role, it.text) for it in found.messages] == [
        ("user", 'The total is wrong, never use "floats"\nat all'),
        ("user", "go on"),
    ]
    assert [(it.text, it.outcome) for it in found.commands] == [("pytest -q", "failed")]


def test_a_table_of_prompts_and_responses(said):
    """One exchange in each row."""
    text = "id,prompt,response\n1,why is it slow?,The cache is off.\n2,turn it on,Done.\n"
    assert [role for role, _ in said(text)] == ["user", "assistant"] * 2


@pytest.mark.parametrize(
    "text",
    [
        "id,user,amount\n1,ana,3\n",
        "<p>no page</p>\nUser: hi\n",
        "<!DOCTYPE html><html><body><p class='user'>Terms</p></body></html>\n",
    ],
)
def test_other_tables_and_pages_have_no_speakers(read, text):
    """One side alone is no conversation."""
    assert not any(it.role == "user" and it.text != "hi" for it in read(text).messages)


SHOWN = """\
You said:
build my thesis
ChatGPT said:
Run this:

bash
Copy code
latexmk -C main.tex

latexmk main.tex

The first cleans up.

python
Copy code
pass
You said:
it works
"""


def test_code_below_a_button_is_a_block_of_what_is_said(read):
    """It ends where prose or another speaker begins, and nobody ran what it holds."""
    found = read(SHOWN)
    assert [it.text for it in found.messages] == [
        "build my thesis",
        "Run this:\n\n```bash\nlatexmk -C main.tex\n\nlatexmk main.tex\n```\n\nThe first cleans up.\n\n```python\npass\n```",
        "it works",
    ]
    assert found.commands == ()


def test_the_name_beside_the_picture_is_not_what_was_said(said):
    text = "You said:\nwhat is a fen?\nChatGPT said:\nChatGPT\nA kind of mire.\nYou said:\nthanks\n"
    assert said(text) == [("user", "what is a fen?"), ("assistant", "A kind of mire."), ("user", "thanks")]


def test_a_page_that_names_who_speaks_in_elements_of_their_own(said):
    """Not in attributes: one of two who take turns is known."""
    turn = '<div class="msg"><span class="sender-name">{}</span><p>{}</p></div>'
    turns = (("Mira H.", "never use floats"), ("Assistant", "Done."), ("Mira H.", "go on"), ("Assistant", "Shown."))
    page = "\n".join(turn.format(*it) for it in turns)
    assert said(f"<html><body>\n{page}\n</body></html>\n") == [
        ("user", "never use floats"),
        ("assistant", "Done."),
        ("user", "go on"),
        ("assistant", "Shown."),
    ]
    named = '<html><body><p>See <span class="file-name">cart.py</span> please</p></body></html>'
    assert "===" not in said(named)[0][1]


def test_a_table_in_markdown(said):
    """Who speaks may be a name; a cell breaks its lines, and may hold a bar."""
    text = (
        "| # | Who | Message |\n|---|:--|---|\n| 1 | Mira | never use a\\|b |\n| 2 | Claude | Done.<br>- twice |\n"
        "| 3 | Mira | go on |\n"
    )
    assert said(text) == [("user", "never use a|b"), ("assistant", "Done.\n- twice"), ("user", "go on")]
    assert not [it for it in said("| Name | Size |\n|---|---|\n| a | 1 |\n") if it[0] == "user"]


def test_of_a_table_with_names_and_roles_the_roles_count(said):
    """Names stand beside them."""
    text = "id,author,role,content\n1,mira,user,why?\n2,claude-4,assistant,So.\n3,mira,user,ok\n"
    assert said(text) == [("user", "why?"), ("assistant", "So."), ("user", "ok")]


def test_a_page_that_tells_who_speaks_by_the_side_or_by_terms(said):
    """Bubbles right and left, terms with what is said below them; the sides of a page's parts are nobody's."""
    bubble = '<div class="bubble {}"><p>{}</p></div>'
    turns = [bubble.format("right" if at % 2 == 0 else "left", it) for at, it in enumerate(("why?", "So.", "ok"))]
    assert said(f"<html><body>{''.join(turns)}</body></html>") == [
        ("user", "why?"),
        ("assistant", "So."),
        ("user", "ok"),
    ]
    terms = "".join(
        f"<dt>{'Pergunta' if at % 2 == 0 else 'Resposta'}</dt><dd>{it}</dd>" for at, it in enumerate("abcd")
    )
    assert [role for role, _ in said(f"<html><body><dl>{terms}</dl></body></html>")] == ["user", "assistant"] * 2
    assert "user" not in dict(said('<html><body><div class="column right"><p>Tea is fine.</p></div></body></html>'))


def test_a_page_that_tells_who_speaks_is_not_told_again_from_its_data(said):
    """The data may be the same talk, or examples; of a page that shows nothing it is all there is."""
    data = '[{"role": "user", "content": "why?"}, {"role": "assistant", "content": "So."}]'
    script = f'<script type="application/json">{{"messages": {data}}}</script>'
    shown = '<div data-message-author-role="{}"><p>{}</p></div>'
    turns = shown.format("user", "dim it") + shown.format("assistant", "Done.")
    for body in (script + turns, turns + script):
        assert said(f"<html><body>{body}</body></html>\n") == [("user", "dim it"), ("assistant", "Done.")]
    shell = '<div class="user menu"></div>'
    assert said(f"<html><body>{shell}{script}</body></html>\n")[-2:] == [("user", "why?"), ("assistant", "So.")]
