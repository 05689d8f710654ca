"""A template reaches nothing, changes nothing and ends."""

from __future__ import annotations

import os

import pytest
from jinja2 import TemplateError
from markupsafe import Markup

from handoff_cli.documents import sandbox
from handoff_cli.documents.markdown import prose
from handoff_cli.documents.render import Renderer
from handoff_cli.documents.sandbox import environment
from handoff_cli.errors import TemplateError as HandoffTemplateError
from handoff_cli.usecases.templates import bare_facts


def render(template, **values):
    return environment({"loud": lambda text: Markup(text.upper())}, prose).from_string(template).render(values)


@pytest.mark.parametrize(
    "template",
    [
        "{{ x }}",
        "{% set y = x %}{{ y }}",
        "{% set y %}{{ x }}{% endset %}{{ y }}",
        "{% macro m(v) %}{{ v }}{% endmacro %}{{ m(x) }}",
        "{{ [x][0] }}",
        "{{ x | trim }}",
    ],
)
def test_a_value_is_escaped_once_on_every_way_to_the_page(template):
    assert render(template, x="a|<b>\n*c*") == r"a\|&lt;b> \*c\*"


def test_a_filters_own_markdown_is_left_alone():
    assert render("{{ x | loud }}", x="a*b*") == "A*B*"


def test_nothing_is_printed_for_none():
    assert render("[{{ x }}]", x=None) == "[]"


@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__ }}",
        "{{ x.append(1) }}",
        "{{ x.__class__.__mro__ }}",
        "{{ ('%s' | format(x)).__class__ }}",
        "{{ '{0.__class__}'.format(x) }}",
        "{% include 'file' %}",
        "{% import 'file' as file %}",
        "{{ lipsum(n=1) }}",
        "{{ missing }}",
        "{{ x.missing }}",
    ],
)
def test_it_reaches_no_internals_files_or_undefined_names_and_changes_nothing(template):
    values = [0]
    with pytest.raises((TemplateError, TypeError)):
        render(template, x=values)
    assert values == [0]


@pytest.mark.parametrize(
    "template",
    [
        "{% for i in range(10001) %}{% endfor %}",
        "{% for i in range(200) %}{% for j in range(200) %}{% endfor %}{% endfor %}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ 2 ** -9999 }}",
        "{{ 'x' * 99999999 }}",
        "{{ 99999999 * 'x' }}",
        "{{ [1, 2] * 9999999 }}",
    ],
)
def test_runaway_loops_and_products_are_refused(template):
    with pytest.raises(OverflowError):
        render(template)


def test_ordinary_sums_and_loops_work():
    assert (
        render("{{ 3 * 4 }} {{ 2 ** 10 }} {{ 'ab' * 2 }} {% for i in range(1, 6, 2) %}{{ i }}{% endfor %}")
        == "12 1024 abab 135"
    )


def test_each_document_has_its_own_budget_of_range_items():
    for _ in range(3):
        assert render("{{ range(9000) | length }}") == "9000"


GREEDY = [
    "{% set ns=namespace(s='a') %}{% for i in range(60) %}{% set ns.s=ns.s~ns.s %}{% endfor %}",
    "{{ 'a'.ljust(1500000000)|length }}",
    "{{ '{:>1500000000}'.format(1)|length }}",
    "{{ ('%1500000000d' % 1)|length }}",
    "{{ ('a'|center(1500000000))|length }}",
    "{{ ('x'*1000000).join(['a']*1000)|length }}",
    "{{ ('a,'*500000).replace('a', 'b'*1000)|length }}",
    "{{ ('a'|list * 9999999)|length }}",
    "{% set ns=namespace(l=[1]) %}{% for i in range(60) %}{% set ns.l=ns.l+ns.l %}{% endfor %}",
    "{{ '0'.zfill(2000000000) }}",
    "{{ 'a\\t'.expandtabs(2000000000) }}",
    "{{ ('a'|indent(1500000000)) }}",
]
SLOW = [
    "{% set ns=namespace(n=3) %}{% for i in range(40) %}{% set ns.n=ns.n*ns.n %}{% endfor %}",
    "{% for a in 'x'*1000 %}{% for b in 'x'*1000 %}{% for c in 'x'*1000 %}{% endfor %}{% endfor %}{% endfor %}",
    "{% macro m() %}{% for a in 'xxxxxxxx' %}{{ m() }}{% endfor %}{% endmacro %}{{ m() }}",
]


def printed(template):
    with Renderer(template, "theirs") as renderer:
        return renderer.render(bare_facts())


@pytest.mark.skipif(os.name != "posix", reason="memory has no limit there")
@pytest.mark.parametrize("template", GREEDY)
def test_a_template_that_takes_memory_without_end_is_stopped(template):
    with pytest.raises(HandoffTemplateError):
        printed(template)


@pytest.mark.parametrize("template", SLOW)
def test_a_template_that_takes_time_without_end_is_stopped(template, monkeypatch):
    monkeypatch.setattr(sandbox, "SECONDS", 0.7)
    with pytest.raises(HandoffTemplateError):
        printed(template)


def test_what_stays_within_the_limits_is_printed_and_an_error_keeps_its_line():
    assert "hello 128,000" in printed("hello {{ usage.context_window_limit | thousands }}")
    with pytest.raises(HandoffTemplateError, match="theirs, line 2"):
        printed("a\n{{ missing }}")
