r"""Secrets where people and programs put them: a line each in three lists, filled with made-up passwords and tokens.

``contexts_tuned.txt`` was written before the rules of its kinds, which then followed it; ``contexts_held_out.txt`` came
after them, then ``contexts_of_others.txt``, in the forms of lines of public repositories, and ``contexts_in_use.txt``,
of what programs, files, code and people write every day. ``docs/redaction.md`` has what was found of each the first time. In a line ``\n`` ends a line, ``{p}`` is a
password as people choose them, ``{l}`` one of letters only, ``{r}`` one with signs, ``{t}`` and ``{h}`` tokens,
``{b64}`` a user and a password; ``{{`` is a brace.
"""

from __future__ import annotations

import base64
import re
from pathlib import Path
from random import Random
from string import ascii_letters, digits

import pytest

from handoff_cli.redaction import hides, kinds_in, redact
from handoff_cli.redaction.search import replace_secrets

WORDS = [
    "winter",
    "blue",
    "katze",
    "garten",
    "fisch",
    "monkey",
    "dragon",
    "river",
    "stone",
    "copper",
    "planet",
    "hunter",
    "sommer",
    "maus",
    "tiger",
    "coffee",
]
LETTERS = ["raspberry", "toortoor", "superman", "kittycat", "sunshinery"]
SEEDS = (3, 4)


def chosen(chance):
    one, other = chance.choices(WORDS, k=2)
    return chance.choice(
        (
            f"{one.capitalize()}{chance.randint(1000, 2999)}!",
            f"{one}{chance.randint(10, 999)}{other}",
            f"{one.capitalize().replace('e', '3')}-{other}{chance.randint(1, 99)}",
            f"{one}#{chance.randint(100, 9999)}{other.capitalize()}",
            f"{one}{other.capitalize()}{chance.randint(10, 99)}",
            "".join(chance.choices(ascii_letters + digits, k=12)) + str(chance.randint(0, 9)),
        )
    )


def made_up(sign, chance):
    letters = ascii_letters + digits
    return {
        "p": lambda: chosen(chance),
        "l": lambda: chance.choice(LETTERS),
        "r": lambda: "".join(chance.choices(letters + "!@#%^*_+-", k=15)) + "aZ" + str(chance.randint(1, 9)),
        "r64": lambda: "".join(chance.choices(letters, k=16)),
        "t": lambda: "".join(chance.choices(letters, k=chance.randint(24, 40))),
        "t40": lambda: "".join(chance.choices(letters + "/+", k=40)),
        "h": lambda: "".join(chance.choices("0123456789abcdef", k=32)),
        "b64": lambda: base64.b64encode(f"bob:{chosen(chance)}".encode()).decode(),
    }[sign]()


def filled(line, chance):
    """``line`` with made-up secrets in their places, and the secrets."""
    secrets = []

    def secret(found):
        secrets.append(made_up(found[1], chance))
        return secrets[-1]

    line = line.replace("{{", "\0").replace("}}", "\1").replace("\\n", "\n")
    return re.sub(r"\{(p|r64|r|t40|t|l|h|b64)\}", secret, line).replace("\0", "{").replace("\1", "}"), secrets


def lines_of(name):
    return (Path(__file__).parent / f"{name}.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("name", ["contexts_tuned", "contexts_held_out", "contexts_of_others", "contexts_in_use"])
@pytest.mark.parametrize("seed", SEEDS)
def test_nearly_all_are_found(name, seed):
    chance = Random(seed)
    texts = [filled(line, chance) for line in lines_of(name)]
    missed = [
        text for text, secrets in texts if any(secret in redact(f"see:\n{text}\nthen go on") for secret in secrets)
    ]
    assert len(texts) >= 49
    assert all(secrets for _, secrets in texts)
    print(f"{name}: {1 - len(missed) / len(texts):.1%} of {len(texts)}")
    assert len(missed) <= len(texts) * 0.05, missed


@pytest.mark.parametrize("name", ["contexts_tuned", "contexts_held_out", "contexts_of_others", "contexts_in_use"])
def test_the_quick_look_lets_no_secret_pass(name):
    chance = Random(5)
    for line in lines_of(name):
        text, _ = filled(line, chance)
        assert hides(text) or kinds_in(text) or replace_secrets(text) == text
        assert replace_secrets(text, kinds_in) == replace_secrets(text)
