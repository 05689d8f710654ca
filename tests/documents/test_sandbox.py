"""A template reaches nothing, changes nothing and ends."""

from __future__ import annotations

import pytest
from jinja2 import TemplateError
from markupsafe import Markup

from handoff_cli.documents.escape import prose
from handoff_cli.documents.sandbox import environment


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
