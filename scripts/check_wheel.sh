#!/bin/sh
# Installs a wheel alone into an empty venv and does the main job from it, outside the checkout.
# Usage: check_wheel.sh WHEEL VENV
set -eu
wheel=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
venv=$2
conversation=$(cd "$(dirname "$0")" && pwd)/demo/conversation.txt
"${PYTHON:-python3}" -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$wheel"
venv=$(cd "$venv" && pwd)
project=$(mktemp -d)
trap 'rm -rf "$project"' EXIT
cd "$project"
"$venv/bin/handoff" init
"$venv/bin/handoff" config set context_window_limit 1000
"$venv/bin/handoff" track -d "the whole conversation" <"$conversation" >shown.txt 2>messages.txt
grep -q "handoff written" messages.txt
grep -q "the whole conversation" .agent-handoffs/CURRENT_SESSION.md
grep -q "## Record" shown.txt
"$venv/bin/python" .agent-handoffs/monitor_tokens.py status --line
PYTHONPATH=.agent-handoffs "$venv/bin/python" -c 'import token_tracker; assert token_tracker.get_token_status()["usage_percentage"] > 0.8'
"$venv/bin/python" -m handoff_cli reset
"$venv/bin/handoff" status --exit-code
test -s "$venv/share/man/man1/handoff.1"
echo "the wheel alone does the main job"
