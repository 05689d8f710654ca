"""Rules of how things are done in a project: how commits are made and who pushes, where tests lie, what it runs on."""

from __future__ import annotations

from handoff_cli.core.patterns import caseless


def is_convention(lower: str) -> bool:
    """Return whether a sentence in small letters tells how commits are made, who pushes, or where things belong."""
    of_commits = any(map(lower.__contains__, _COMMITTING)) and _OF_COMMITS.search(lower)
    return bool(of_commits or _BELONGS.search(lower))


_BELONGS = caseless(
    r"\b(?:tests?|specs?|fixtures?|helpers?|migrations?|docs|translations?) (?:go|live|belong) (?:in|into|to|under"
    r"|next to|beside|below) (?!(?:a|an|another|other|green|red|zero)\b)\w"
    r"|\bwe(?:'re| are) (?:still |stuck )?on (?!(?:main|master|it|this|that|track)\b)[a-z][\w.+-]* v?\d[\w.]*"
)


_COMMITTING = ("commit", "msg", "message", "push", "merg", "deploy")
_OF_COMMITS = caseless(
    r"(?:^\W*|[;,] )(?:commit )?(?:msgs?|messages?): ?(?=[^.?!]{0,120}\b(?:ticket|one[- ]line\w*|co-?author\w*"
    r"|trailers?|prefix|imperative|conventional|english|german|lower ?case|jira|present tense|past tense)\b)"
    r"|\bcommit(?:s|(?:s'?|'s)? (?:messages?|msgs?|subjects?)):? (?:are |is |always |must be |should be |please )?"
    r"(?:in (?:english|german|french|spanish|(?:the )?imperative|present tense|past tense)|imperative|conventional"
    r"|(?:start|begin)s? with|prefixed|with (?:the|a) (?:ticket|issue|scope)|one line|atomic|signed)\b"
    r"|\bcommits?(?: messages?| msgs?)? (?:here )?always (?:like|as|called|named|in|with)\b"
    r"|\bprefix (?:the |all |your |every )?(?:commits?|commit messages?|messages?|branch(?:es)?) with\b"
    r"|\b(?:one|own|separate|small|atomic) commits? (?:per|for (?:each|every)) \w"
    r"|\bsmall(?:er)? commits(?=\W*$| please| pls)"
    r"|\bi(?:'ll)? (?:push|commit|merge|deploy)(?: it| them)?(?: myself|,? not you)\b"
    r"|\b(?:push|merg|deploy)ing (?:is mine|i do(?: myself)?)\b"
)
