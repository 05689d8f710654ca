"""A key of nothing opens something where what is near speaks of an API; a hash, an id or a place is none."""

from __future__ import annotations

from random import Random
from string import ascii_letters, ascii_lowercase, digits

import pytest

from handoff_cli.redaction import redact

TOKEN = "".join(Random(11).choices(ascii_letters + digits, k=40))
LOWER = "".join(Random(12).choices(ascii_lowercase + digits, k=40))


@pytest.mark.parametrize("token", [TOKEN, LOWER])
@pytest.mark.parametrize("line", [
    "[INFO] Sending request to the weather API\n[DEBUG] Using Key={}\n[INFO] Response received: 200 OK", "[DEBUG] Using weather KEY={}",
    "these credentials are for testing\nkey: {}\nid: 7", 'weatherKey := " {} "', "token = '{0}' | '{0}'", 'url := "https://api.weather.example/v1/users?key={}"',
    "https://maps.example/api/v2/tiles?z=1&appid={}", "<id>weather</id>\n<secret>{{AQAAABAAA {}}}</secret>", "export WEATHER_TOKEN={0}\n+ fetch --as x:{0}",
])  # fmt: skip
def test_a_key_of_nothing_goes_where_something_near_tells_what_it_opens(line, token):
    assert token not in redact(line.format(token))


@pytest.mark.parametrize("line", [
    f"cacheKey: {LOWER[:24]}", "sortKey: 9f8e7d6c5b4a39281706f5e4d3c2b1a0f9e8d7c6", "the API returns key: 9f8e7d6c5b4a39281706f5e4d3c2b1a0f9e8d7c6",
    "API rows have the key: d94d3d2e-8f5b-4c7e-9e51-0b6a4dc1f2a7", "gpg: using RSA key 9F8E7D6C5B4A39281706F5E4D3C2B1A0F9E8D7C6", "API: key = user_sessions_2024_by_account",
    "https://api.example/cache?key=user_sessions_by_account_2024", "<Token>{formatTheToken2(token)}</Token>", f"hotkey: {LOWER[:12]}", "monkey: banana2024banana2024banana",
])  # fmt: skip
def test_a_key_that_opens_nothing_stays(line):
    assert redact(line) == line
