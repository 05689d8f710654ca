#!/bin/sh
# Pipes the example conversation piece by piece into handoff track, in a scratch project with a small window.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
project=$(mktemp -d)
trap 'rm -rf "$project"' EXIT
cd "$project"
git init --quiet . 2>/dev/null || true
unset HANDOFF_DIR HANDOFF_SESSION

say() { printf '\n$ %s\n' "$*"; }

say handoff config set context_window_limit 890
handoff config set context_window_limit 890

# A piece begins at each line of dashes; awk writes them to files of their own.
awk '/^-----/ { n++; next } { file = sprintf("piece-%02d.txt", n); print > file }' "$here/demo/conversation.txt"
for piece in piece-*.txt; do
  say "cat $piece | handoff track"
  handoff track <"$piece"
done

say handoff status
handoff status
say handoff reset
handoff reset
