"""Import circles are found whole, each once, and none where there is none."""

import importlib.util
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("grimp")
_SPEC = importlib.util.spec_from_file_location(
    "check_cycles", Path(__file__).parents[2] / "scripts" / "check_cycles.py"
)
check_cycles = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(check_cycles)

graphs = st.dictionaries(st.integers(0, 7), st.sets(st.integers(0, 7)), max_size=8).map(
    lambda graph: {str(key): {str(it) for it in graph.get(key, ())} for key in range(8)}
)


def reached(graph, start):
    found, waiting = set(), [start]
    while waiting:
        for following in graph[waiting.pop()] - found:
            found.add(following)
            waiting.append(following)
    return found


@given(graphs)
def test_what_reaches_itself_through_others_is_in_one_circle(graph):
    circles = [set(circle) for circle in check_cycles.find_circles(graph)]
    reach = {module: reached(graph, module) for module in graph}
    expected = {
        frozenset(other for other in graph if other in reach[module] and module in reach[other]) for module in graph
    }
    assert {frozenset(circle) for circle in circles} == {circle for circle in expected if len(circle) > 1}
    assert sum(map(len, circles)) == len(set().union(*circles, set()))


def test_the_package_has_none():
    assert check_cycles.main() == 0
