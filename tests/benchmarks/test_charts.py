"""Charts: well-formed, the same bytes for the same data, to scale, and made for light pages and dark ones."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

from benchmarks.charts import Bar, bars, lines

ROWS = [Bar("one <a>", ((0, 10.0), (1, 20.0)), "30 ms"), Bar("two", ((0, 400.0),), "400 ms")]
SERIES = {"flat": [(1.0, 2.0), (100.0, 2.0)], "steep": [(1.0, 1.0), (100.0, 100.0)]}


def drawn():
    return bars("Bars", "ms", ROWS, ("first", "second"), 100.0, (50.0, "bound")), lines(
        "Lines", ("size", "cost"), SERIES
    )


def elements(svg, tag):
    return [it.attrib for it in ET.fromstring(svg).iter(f"{{http://www.w3.org/2000/svg}}{tag}")]


def texts(svg):
    return {it.text for it in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")}


def test_equal_data_give_equal_bytes():
    assert drawn() == drawn()


def test_a_chart_says_what_it_shows():
    bar_chart, line_chart = map(texts, drawn())
    assert {"Bars", "ms", "one <a>", "30 ms", "first", "second", "bound"} <= bar_chart
    assert {"Lines", "size", "cost", "flat", "steep", "1", "10", "100"} <= line_chart


def test_colours_of_text_follow_the_scheme_of_the_page():
    for svg in drawn():
        light, _, dark = re.search(r"<style>(.*?)</style>", svg)[1].partition("@media(prefers-color-scheme:dark)")
        assert "fill:#24292f" in light
        assert "fill:#e6edf3" in dark


def test_bars_are_to_scale_laid_end_to_end_and_cut_at_the_end_of_the_axis():
    first, second, cut = elements(drawn()[0], "rect")[2:]
    assert float(second["width"]) == pytest.approx(2 * float(first["width"]), abs=0.2)
    assert float(second["x"]) == pytest.approx(float(first["x"]) + float(first["width"]), abs=0.2)
    assert abs(float(cut["width"]) - 10 * float(first["width"])) < 1


def test_lines_go_by_powers_of_ten():
    flat, steep = (
        [tuple(map(float, point.split(","))) for point in it["points"].split()]
        for it in elements(drawn()[1], "polyline")
    )
    assert flat[0][1] == flat[1][1]
    (x0, y0), (x1, y1) = steep
    ten = next(it for it in elements(drawn()[1], "line") if float(it["x1"]) == float(it["x2"]) == (x0 + x1) / 2)
    assert ten["class"] == "grid"
    assert y1 < y0
