"""Calls that an export tells in words, with what they gave folded away below."""

from __future__ import annotations

from tests.growth import assert_linear

ASKED = "_**User**_\n\nmend the total\n\n---\n\n_**Assistant**_\n\n"


def test_an_edit_is_told_by_the_summary_above_its_diffs(read):
    """What the program could not count is nobody's word, and a diff may stand as on a page."""
    text = f"""{ASKED}I set it once.

---

<details><summary>Edit file: /srv/shop/src/cart.py</summary>

undefined

**Chunk 1**
Lines added: 1, lines removed: undefined

```diff
@@ -3,2 +3,3 @@
- total = 0
+ total = sum(rows) if rows &gt; 0 else 0
```

</details>

---

It is set.
"""
    found = read(text)
    assert [it.text for it in found.messages] == ["mend the total", "I set it once.", "It is set."]
    assert [(it.path, it.action, it.old.strip(), it.new.strip()) for it in found.edits] == [
        ("/srv/shop/src/cart.py", "modified", "total = 0", "total = sum(rows) if rows > 0 else 0")
    ]


def test_a_search_is_told_by_the_summary_above_what_it_found(events):
    fold = "<details>\n            <summary>{}</summary>\n\n| File |\n|------|\n| `src/cart.py` |\n\n</details>\n"
    told = (
        'Searched codebase "Where is the total?" • **2** results',
        'Grep for "total" • 9 matches',
        'Codebase search for "rows" • **1** result',
    )
    text = ASKED + "\n---\n\n".join(map(fold.format, told))
    assert [(it.name, it.input) for it in events(text) if hasattr(it, "input")] == [
        ("codebase_search", {"query": "Where is the total?"}),
        ("Grep", {"pattern": "total"}),
        ("codebase_search", {"query": "rows"}),
    ]


def test_a_rule_that_was_asked_for_is_a_guide_that_was_read(read):
    """The mark that ends its block may stand behind its last line: what the agent says goes on below the rule."""
    rule = "### Rule: shop-money\n\n**How money is kept.**\n\n```markdown\n# Money\n\nNEVER use floats.\n\n```bash\nmake\n```\n\nRound once.```\n"
    found = read(f"{ASKED}{rule}\n---\n\nI use cents.\n")
    assert [(it.path, it.action) for it in found.files] == [(".cursor/rules/shop-money.mdc", "read")]
    (guide,) = [it for it in found.lookups if it.kind == "read"]
    assert ("NEVER use floats." in guide.answer, "Round once." in guide.answer) == (True, True)
    assert found.messages[-1].text == "I use cents."


def test_what_is_folded_away_takes_no_more_than_its_length(read):
    for unit in ("<details><summary>Edit file: a.py</summary>\n", '<summary>Searched codebase "a\n', "### Rule: a\n"):
        assert_linear(lambda size, unit=unit: read(ASKED + unit * (size // len(unit))), 4_000)
