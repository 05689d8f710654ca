"""What was compiled beforehand is what ``re`` makes of it, in every version of Python that takes it."""

import importlib
import marshal
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff_cli import documents
from handoff_cli.core import patterns
from handoff_cli.core.patterns import caseless, compiled, compiled_as, lazily, stored
from scripts import build_patterns

ANY = "\n".join(
    (*build_patterns.TEXTS, *map(str.lower, build_patterns.TEXTS), Path(__file__).read_text(encoding="utf-8"))
)
TABLE = {
    key: entry for path in patterns.TABLES for key, entry in build_patterns.entries(Path(path).read_bytes()).items()
}
ours = pytest.mark.skipif(
    patterns.engine is None or patterns.engine.MAGIC not in patterns.ENGINES, reason="an engine of another version"
)


@ours
def test_each_entry_is_what_re_gives_to_its_engine():
    for key, entry in TABLE.items():
        assert entry == build_patterns.entry_of(*key), key
        if key[1] == patterns.VALUES:
            assert stored(key[0], list) == entry
            continue
        if key[1] == patterns.NAMED:
            assert compiled_as(key[0], str).pattern == entry[-1]
            continue
        ready, usual = compiled(*key), re.compile(*key)
        assert (ready.pattern, ready.flags, ready.groups) == (usual.pattern, usual.flags, usual.groups), key
        assert dict(ready.groupindex) == dict(usual.groupindex), key
        text = ANY if isinstance(key[0], str) else ANY.encode()
        assert [it.span() for it in ready.finditer(text)] == [it.span() for it in usual.finditer(text)], key


PARTS = ["a", "b", "(?:a|b)", "a?", r"\b", "(?=b)", "[ab]", "[^a]", "(?:ab|)", r"\d*", "^", "c+", r"(a|\bb)", "|", "(?i:A)", "(?<!a)", r"\w", "b{0,2}?", "(?>ab|a)"]  # fmt: skip


@ours
@given(st.lists(st.sampled_from(PARTS), max_size=6).map("".join), st.text("abcA1 \n", max_size=9))
def test_what_the_code_tells_of_the_beginning_of_a_match_hides_none(pattern, text):
    code, flags, groups, *names = build_patterns.code_of(pattern, 0)
    ready = patterns._ready(pattern, code, flags, groups, *names)
    assert [it.span() for it in ready.finditer(text)] == [it.span() for it in re.finditer(pattern, text)]


ANY_CASE = ["s", "k", "[i-l]", "(?:ks|i)", r"\b", "\u00df", "\u03c3", "(?<!s)", "k?", r"\d", "[^s]"]


@ours
@given(st.lists(st.sampled_from(ANY_CASE), max_size=5).map("".join), st.text("sS\u017fkK\u212aiI\u0130\u0131\u00df\u1e9e\u03c3\u03c2\u03a31", max_size=9))  # fmt: skip
def test_nor_where_case_is_ignored(pattern, text):
    code, flags, groups, *names = build_patterns.code_of(pattern, patterns.IGNORECASE)
    ready = patterns._ready(pattern, code, flags, groups, *names)
    assert [it.span() for it in ready.finditer(text)] == [it.span() for it in re.finditer(pattern, text, re.IGNORECASE)]


@ours
def test_the_table_holds_what_its_modules_ask_for():
    """After a change of a pattern: ``python scripts/build_patterns.py``."""
    done = subprocess.run(
        [sys.executable, build_patterns.__file__, "--check"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_a_name_that_no_table_has_leads_to_the_pattern_it_is_given():
    assert compiled_as("nobody's", lambda: "a+b").fullmatch("aab")
    assert compiled_as("nobody's", "not asked for again".upper).pattern == "a+b"
    assert stored("nobody's", lambda: ("made now",)) == ("made now",)


@given(st.text("ab1 (?P<x>|)*+\\d", max_size=12), st.sampled_from([0, patterns.IGNORECASE, patterns.MULTILINE]))
def test_a_pattern_that_is_not_in_the_table_is_compiled_now(pattern, flags):
    pattern = f"zq(?:{pattern})"  # no module asks for one that begins so
    try:
        usual = re.compile(pattern, flags)
    except re.error:
        with pytest.raises(re.error):
            compiled(pattern, flags)
    else:
        assert compiled(pattern, flags) == usual


@pytest.mark.parametrize("content", [None, b"", b"no table", marshal.dumps([1])[:-1]])
def test_a_table_that_cannot_be_read_holds_nothing(content, tmp_path):
    if content is not None:
        (tmp_path / "table").write_bytes(content)
    assert patterns._read(str(tmp_path / "table")) == {}


def test_an_engine_of_another_version_is_given_nothing(monkeypatch):
    monkeypatch.setattr(patterns, "ENGINES", ())
    assert patterns._read(patterns.TABLES[0]) == {}


def test_the_flags_are_those_of_re():
    assert (patterns.IGNORECASE, patterns.MULTILINE, patterns.DOTALL) == (re.IGNORECASE, re.MULTILINE, re.DOTALL)


def test_a_late_pattern_finds_what_a_compiled_one_finds_and_is_compiled_once(monkeypatch):
    made = []
    monkeypatch.setattr(patterns, "compiled", lambda *key: made.append(key) or compiled(*key))
    late = lazily(r"(\w)b", re.IGNORECASE)
    assert made == []
    assert late.search("xAB")[1] == "A"
    assert (late.findall("ab cB"), late.sub("-", "ab"), late.match("b")) == (["a", "c"], "-", None)
    late.search("b")
    assert made == [(r"(\w)b", 2)] * 4  # once for each method; the pattern itself is made by the first
    assert compiled(*made[0]) is compiled(*made[-1])


def test_a_late_pattern_that_is_wrong_is_told_at_its_first_use():
    with pytest.raises(re.error):
        lazily("(").search("x")


CASELESS = [
    (f"{module.__name__}.{name}", value._late.pattern)
    for module in (
        importlib.import_module(it.name) for it in pkgutil.walk_packages(documents.__path__, "handoff_cli.documents.")
    )
    for name, value in vars(module).items()
    if type(value) is type(caseless(""))
]


def test_there_are_caseless_patterns_to_look_at():
    assert len(CASELESS) > 20


@pytest.mark.parametrize(("name", "pattern"), CASELESS)
def test_a_caseless_pattern_is_in_lower_case_but_for_its_classes(name, pattern):
    words = re.sub(r"\\.|\(\?P", "", pattern)
    assert words == words.lower()


@given(st.text("ab AB1\n-", max_size=9))
def test_a_caseless_pattern_finds_what_one_that_ignores_case_finds(text):
    ours, usual = caseless(r"\ba+b|1 ?-$"), re.compile(r"\ba+b|1 ?-$", re.IGNORECASE)
    for method in ("search", "match", "fullmatch"):
        found, expected = getattr(ours, method)(text), getattr(usual, method)(text)
        assert (found and found.span()) == (expected and expected.span())


@ours
def test_what_a_search_for_secrets_names_stands_in_its_table():
    """Whichever text asks for it: of a pattern that is missed ``re`` is loaded."""
    from handoff_cli.redaction import lines, values

    named = [*build_patterns._named_in(lines), *build_patterns._named_in(values)]
    assert len(named) > 20
    assert not [pattern for pattern in named if (pattern, 0) not in TABLE]
