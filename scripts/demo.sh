#!/bin/sh
# Pipes the example conversation piece by piece into handoff track, in a scratch project with a small window.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch/prices/.git" "$scratch/pieces"
cd "$scratch/prices"
git init --quiet . 2>/dev/null || true
unset HANDOFF_DIR HANDOFF_SESSION

say() { printf '\n$ %s\n' "$*"; }

say handoff config set context_window_limit 1000
handoff config set context_window_limit 1000

# A piece begins at each line of dashes; awk writes them to files of their own.
awk -v to="$scratch/pieces" '/^-----/ { n++; next } { file = sprintf("%s/%d.txt", to, n + 1); print > file }' \
  "$here/demo/conversation.txt"
for piece in "$scratch"/pieces/*.txt; do
  say "cat ${piece##*/} | handoff track"
  # The last piece crosses the threshold; a pipe gets the document, a terminal shows the bar.
  cat "$piece" | handoff track | cat
done

say "handoff check"
handoff check
