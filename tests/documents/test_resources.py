"""Shipped templates are found beside the package in a checkout and inside it in a wheel."""

from __future__ import annotations

import pytest

from handoff_cli.documents import resources
from handoff_cli.errors import TemplateError

SHIPPED = ("SESSION_HANDOFF_TEMPLATE.md.j2", "USAGE_GUIDE.md", "monitor_tokens.py", "token_tracker.py")


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_template_is_found(name):
    assert resources.template_text(name)


def test_the_package_comes_first(tmp_path, monkeypatch):
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "USAGE_GUIDE.md").write_text("from the wheel: ä", encoding="utf-8")
    monkeypatch.setattr(resources, "_FOLDERS", (str(tmp_path / "inside"), *resources._FOLDERS))
    assert resources.template_text("USAGE_GUIDE.md") == "from the wheel: ä"
    assert resources.template_text("token_tracker.py")


def test_a_missing_one_says_which_and_what_to_do():
    with pytest.raises(TemplateError, match=r"lacks the template nothing\.md") as raised:
        resources.template_text("nothing.md")
    assert raised.value.hint == "reinstall agent-handoffs"
