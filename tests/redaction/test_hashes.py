"""Hashes and ids that git and servers show beside words for secrets are none; the same under a name for one are."""

from __future__ import annotations

from random import Random

import pytest

from handoff_cli.redaction import redact

CHANCE = Random(20)


def hashed(length=40):
    return "".join(CHANCE.choices("0123456789abcdef", k=length - 2)) + "4b"


SUBJECTS = ("Rotate the token", "Read the password from the vault", "Fix the secret", "Add an API key", "Bump")
ID = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
SHOWN = {
    "log": "commit {}\nAuthor: A <a@example.org>\n\n    %s\n\n",
    "log of a merge": "commit {}\nMerge: {short} {short}\n\n    %s\n\n",
    "graph": "* commit {}\n|\n|     %s\n|\n",
    "hash and subject": "{} %s\n",
    "short hash and subject": "{short} %s\n",
    "subject, then hash": "%s\n{}\n",
    "branches": "{} refs/heads/token-refresh\n{}\trefs/heads/api-key-rotation\n",
    "blame": '{} (kim 2026-01-14 41) password = form["password"]\n{} (kim 2026-01-14 42) def token():\n',
    "requests": f"POST /password\nrequest_id: {ID}\nPOST /oauth/token\n  requestId={ID}\n",
    "trees": "tree {}\nparent {}\n\n%s\n",
}


@pytest.mark.parametrize("form", SHOWN)
def test_what_names_a_commit_or_a_request_is_no_secret(form):
    lines = [SHOWN[form].replace("%s", subject) for subject in SUBJECTS * 2]
    text = "".join(line.replace("{}", hashed()).replace("{short}", hashed(8)) for line in lines)
    assert redact(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "token:\n{}\n",
        "$ gh auth token\n{}\n",
        "API key\n{}\n",
        "token: {}",
        "commit 1\n\nsecret={}\n",
        "client_secret={}",
    ],
)
def test_what_looks_like_a_hash_under_a_name_for_a_secret_is_one(text):
    assert "REDACTED" in redact(text.replace("{}", hashed()))
