"""Rules of how things are done in a project: how commits are made and who pushes, where tests lie, what it runs on."""

from __future__ import annotations

from handoff_cli.core.patterns import caseless


def is_convention(lower: str) -> bool:
    """Return whether a sentence in small letters tells how commits are made, who pushes, or where things belong."""
    if _ONE_BY_ONE.fullmatch(lower.strip()):
        return True
    of_commits = any(map(lower.__contains__, _COMMITTING)) and _OF_COMMITS.search(lower)
    return bool(of_commits or _BELONGS.search(lower))


_BELONGS = caseless(
    r"\b(?:tests?|specs?|fixtures?|helpers?|migrations?|docs|translations?) (?:go|live|belong) (?:in|into|to|under"
    r"|next to|beside|below) (?!(?:a|an|another|other|green|red|zero)\b)\w"
    r"|\bwe(?:'re| are) (?:still |stuck )?on (?!(?:main|master|it|this|that|track)\b)[a-z][\w.+-]* v?\d[\w.]*"
)


_ONE_BY_ONE = caseless(
    r"(?:(?:please|and|but|ok(?:ay)?|yes)\W+)*(?:(?:do|take|go|work|proceed)(?: (?:it|this|that|them))?,? )?"
    r"(?:step by step|one (?:step )?(?:at a time|by one)|schritt f\xfcr schritt|paso a paso|pas \xe0 pas"
    r"|\xe9tape par \xe9tape)\W*"
)
"""A sentence that says that the steps are taken one by one, and nothing else."""

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
    r"|\b(?:(?:small|tin|granula|separat|frequen|incremental|logica)\w*|atomic) commits(?=\W*$| please| pls)"
    r"|\bi(?:'ll)? (?:push|commit|merge|deploy)(?: it| them)?(?: myself|,? not you)\b"
    r"|\b(?:push|merg|deploy)ing (?:is mine|i do(?: myself)?)\b"
)
