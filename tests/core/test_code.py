"""Definitions are found in the languages people write, and the one a place lies in is named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.core.code import _NO_NAMES, DEFINITION, defined_by, definitions_in, enclosing


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("def parse(text):", "parse"),
        ("    async def fetch(self):", "fetch"),
        ("func (s *Store) Load(id string) error {", "Load"),
        ("type Store struct {", "Store"),
        ("export default async function main() {", "main"),
        ("export const sum = (a: number, b: number): number => {", "sum"),
        ("pub(crate) fn read<T>(x: T) {", "read"),
        ("impl Reader for File {", "Reader"),
        ("    public static void main(String[] args) {", "main"),
        ("class Order < Base", "Order"),
        ("enum State: Int {", "State"),
        ("class Rows:", "Rows"),
        ("actor Uploader {", "Uploader"),
        ("public extension Uploader: Sendable {", "Uploader"),
        ("class Shop::Order", "Shop::Order"),
        ("  it('adds up', () => {", "it('adds up'"),
        ("Status Decoder::feed(const uint8_t* data, size_t n) {", "feed"),
        ("Grid::Grid(int width) : width_(width) {", "Grid"),
        ("const std::string& Grid::name() const noexcept {", "name"),
        ("TEST_F(GridTest, KeepsItsName) {", "TEST_F(GridTest, KeepsItsName)"),
        ("  async rows(after: Date): Promise<Row[]> {", "rows"),
    ],
)
def test_definitions_of_many_languages(line, name):
    assert definitions_in(line + "\n") == [name]
    assert defined_by(line) == name


WORDS = ("export", "pub(crate)", "async", "const", "f =>", "=", "(a, b)", "{", "def", "class", "fn", "func", "(s *S)", "x", "if", "int", "\t", " ", "type", "it('x'", "function*", 'describe("a", f)')  # fmt: skip


@given(st.lists(st.sampled_from(WORDS), max_size=6), st.sampled_from(["", " ", "\t"]))
def test_what_a_line_defines_is_told_sooner_and_is_the_same(words, between):
    line = between + (between or " ").join(words)
    assert defined_by(line) == next(iter(definitions_in(line)), None)


@pytest.mark.parametrize(
    "line",
    [
        *("    if (ready) {", "return call(x)", "x = 1", "// func nothing", "for (;;) {", "enum state: { sent: 1 }"),
        *("while let Some((at, path)) = queue.front() {", "if let Ok(text) = read(path) {", "match Some(x) {"),
        *("    if (Grid::has(x)) {", "  Grid::reset(x);", "} else if (ns::ready(x)) {", "for x in Grid::iter(y) {"),
        *("  rows: function (x) {", "    return ns::made(x) {"),
    ],
)
def test_statements_define_nothing(line):
    assert definitions_in(line) == []


def test_the_innermost_definition_around_a_place():
    text = (
        "class A:\n    def one(self):\n        return 1\n\n    def two(self):\n        if self:\n            return 2\n"
    )
    assert enclosing(text, text.index("return 2")) == "two"
    assert enclosing(text, text.index("def two")) == "two"
    assert enclosing("x = 1\n", 0) is None


def test_a_comment_belongs_to_what_it_stands_above():
    text = "func one() {\n\treturn\n}\n\n// two is new.\n// It is fast.\nfunc two() {\n}\n"
    assert enclosing(text, text.index("// two")) == "two"


def test_the_section_of_a_markdown_file():
    text = "# One\n\na\n\n## Two\n\nb\n"
    assert enclosing(text, text.index("b"), markdown=True) == "Two"
    assert definitions_in(text, markdown=True) == ["One", "Two"]


def test_a_line_of_many_words_costs_no_time():
    assert definitions_in("word " * 50_000) == []


PARTS = ["class ", "<T>", "\n", " ", "foo", "def ", "(a, b)", "{", "}", "impl ", "it(", "'x y'", "const a = ", "=>", "type T", "=", "export ", "\r", "return f(a) {"]  # fmt: skip


@given(st.lists(st.sampled_from(PARTS), max_size=12).map("".join))
def test_no_definition_is_missed_for_how_its_line_begins(text):
    found = (it[it.lastgroup] for it in DEFINITION.finditer(text) if it.lastgroup)
    assert definitions_in(text) == list(dict.fromkeys(name for name in found if name not in _NO_NAMES))
