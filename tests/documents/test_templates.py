"""Shipped templates are found where they lie; in the page of the report nothing of a stranger runs."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.documents import templates
from handoff_cli.documents.templates import render_markdown, render_page
from handoff_cli.errors import TemplateError

HOSTILE = [
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "<img src=x onerror=alert(1)>",
    "{{script}}{{plotly}}",
    "\u2028alert(1)\u2029",
    "]]>",
]


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def tags_of(page):
    parser = Tags()
    parser.feed(page)
    return parser.found


def data_of(page):
    return json.loads(re.search(r'id="data">(.*?)</script>', page, re.DOTALL)[1])


def page_of(title):
    return render_page({"about": "x", "sessions": [{"title": title}]}, "/* plots */")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_data_and_comes_back_whole(text):
    page = page_of(text)
    assert data_of(page)["sessions"][0]["title"] == text
    assert tags_of(page) == tags_of(page_of("plain"))


@given(st.text())
def test_any_text_leaves_the_page_as_it_is(text):
    page = page_of(text)
    assert data_of(page)["sessions"][0]["title"] == text
    assert page.count("<script") == page_of("plain").count("<script")


def test_only_the_scripts_of_the_page_may_run_and_nothing_may_load():
    page = page_of("x")
    policy = next(
        attrs["content"] for tag, attrs in tags_of(page) if attrs.get("http-equiv") == "Content-Security-Policy"
    )
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert len(scripts) == 2
    for script in scripts:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy.partition("script-src")[2].partition(";")[0]
    assert not [attrs for _, attrs in tags_of(page) if "src" in attrs or any(name.startswith("on") for name in attrs)]


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "![x](http://evil.example/x.png)",
        "[x](javascript:alert(1))",
        "<http://evil.example>",
        "[x]: http://evil.example\n\n[x]",
        "a <b onclick=alert(1)>b</b>",
        '<div style="background:url(http://evil.example)">',
    ],
)
def test_markdown_becomes_html_that_links_and_loads_nothing(text):
    found = tags_of(render_markdown(text))
    assert {tag for tag, _ in found} <= {"p"}
    assert not any(attrs for _, attrs in found)


def test_marks_of_sections_are_left_out_and_tables_are_drawn():
    html = render_markdown("<!-- handoff:begin goal -->\n## Goal\n\n| a | b |\n| - | - |\n| 1 | 2 |\n")
    assert "handoff:begin" not in html
    assert "<h2>Goal</h2>" in html
    assert "<table>" in html


SHIPPED = ("SESSION_HANDOFF_TEMPLATE.md.j2", "USAGE_GUIDE.md", "monitor_tokens.py", "token_tracker.py")


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_template_is_found(name):
    assert templates.template_text(name)


def test_the_package_comes_first(tmp_path, monkeypatch):
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "USAGE_GUIDE.md").write_text("from the wheel: ä", encoding="utf-8")
    monkeypatch.setattr(templates, "_FOLDERS", (str(tmp_path / "inside"), *templates._FOLDERS))
    assert templates.template_text("USAGE_GUIDE.md") == "from the wheel: ä"
    assert templates.template_text("token_tracker.py")


def test_a_missing_one_says_which_and_what_to_do():
    with pytest.raises(TemplateError, match=r"lacks the template nothing\.md") as raised:
        templates.template_text("nothing.md")
    assert raised.value.hint == "reinstall agent-handoffs"
