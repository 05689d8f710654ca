"""What lines of a page of comments are: heads of comments, commits, checks, and what no person wrote."""

# ruff: noqa: RUF001 (signs as they stand on pages)
from __future__ import annotations

from handoff_cli.core.patterns import lazily

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?"
_DAY = rf"(?:on )?(?:{_MONTH} \d{{1,2}}(?:, \d{{4}})?|\d{{1,2}}[ /-]{_MONTH}[ /-]\d{{2,4}}|\d{{4}}-\d\d-\d\d)"
_CLOCK = r",? (?:at )?\d{1,2}:\d\d(?::\d\d)?(?: ?[AaPp][Mm])?(?: (?:GMT|UTC)?[+-]?[\d:]{0,6})?"
_AGO = (
    r"(?:\d{1,3}|an?) (?:second|minute|hour|day|week|month|year)s? ago|\d{1,3} ?(?:[smhdwy]|min|mo) ago"
    r"|last (?:week|month|year)|yesterday|just now"
)
_WHEN = rf"(?:[·•-] )?(?:{_AGO}|{_DAY}(?:{_CLOCK})?)(?: ?(?:[-•·(,] ?)?(?:last )?edited\b.{{0,60}}| [•·])?"
_PICTURE, _HANDLE = r"(?:@[\w.-]{1,40} (?=\S))?", r"(?: @[\w.-]{2,40})?"
_BADGE = r"(?P<bot> {1,2}(?:bot|Bot|BOT|APP|App|AI))?"
_NAME = r"(?P<name>@?[^\W\d_][\w.'-]{0,38}(?:\[bot\])?(?: [\w.'()-]{1,30}){0,3}?)" + _BADGE
_WRITES = (
    r"(?:commented|reviewed|replied|left a (?:review )?comment|added a comment|opened(?: this [a-z ]{2,20})?"
    r"|(?:requested|suggested) changes|approved these changes|started a (?:review|discussion|thread)[a-z ]{0,40})"
)
_POSTED = r"(?:[Pp]ost(?:ed)?|[Rr]epl(?:y|ied)|[Aa]nswer(?:ed)?)"
_WEEKDAY = r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6},? )?"
HEADS = (
    lazily(rf"{_PICTURE}{_NAME}{_HANDLE} {_WRITES} {_WHEN}"),
    lazily(rf"{_NAME} @[\w.-]{{2,40}} {_WHEN}"),
    lazily(rf"(?:#{{1,6}} |\*\*)?{_POSTED} by:? {_NAME}(?:,| [|•·–—-])? {_WEEKDAY}{_WHEN}(?:\*\*)?:?"),
    lazily(rf"(?:Post )?by {_NAME} » {_WEEKDAY}{_WHEN}"),
)
"""A line that says who wrote the comment below it, and when: of GitHub, Gitea and Jira, of GitLab, of a forum."""

DATED = lazily(
    rf"(?P<name>[^\W\d_][\w.'-]{{0,38}}(?: [^\W\d_a-z][\w.'()-]{{0,30}}){{0,3}}?){_BADGE} {{1,2}}{_DAY}(?:{_CLOCK})?"
)
"""A name and a day: of a comment where the name, or the page, is known to have comments."""

ACTIVITY = frozenset(("Activity", "Comments", "Newest first", "Oldest first"))
"""What a page has above its comments."""

NAME = lazily(_NAME)
WHEN = lazily(rf"(?:(?:opened|commented|reviewed) )?{_WHEN}")
AGAIN = lazily(rf"{_WHEN}(?: [–—-] (?:with|via) \S.{{0,60}})?")
"""When a comment was written; below the name that is told once more, also with which program."""

CLOCKED = lazily(r"\d:\d\d|\bago\b|yesterday|just now|last (?:week|month|year)")
"""What a head of a comment says that a heading with a day does not."""

BESIDE_NAME = lazily(r"@[\w.-]{2,40}|[·•—–|-]")
"""What stands between a name and the time below it."""

NO_NAMES = frozenset(
    (
        *("i", "you", "he", "she", "we", "they", "it", "who", "nobody", "somebody", "everybody", "this", "on"),
        *("created", "updated", "edited", "opened", "closed", "resolved", "reported", "started", "due", "modified"),
        *("erstellt", "aktualisiert", "geändert", "créé", "modifié", "creado", "actualizado"),
    )
)

ROLE = lazily(
    r"Members?|Contributor|First-time contributor|Collaborator|Owner|Author|Maintainer|Developer|Reporter|Guest|Poster"
)
COMMITS = lazily(
    rf"{_PICTURE}{_NAME}{_HANDLE} (?:added|pushed) (?:(?P<count>\d{{1,3}}) (?:new )?commits?|a commit)"
    rf"(?:\b.{{0,60}}?(?P<when> {_WHEN})| that referenced this [a-z ]{{2,20}}|)"
)
HASH = lazily(r"(?:Verified )?([0-9a-f]{7,40})")
COMMIT = lazily(
    r"(?P<hash>[0-9a-f]{7,40})(?: [-–—·])? (?P<subject>\S.{2,})|(?P<before>\S.{2,}?) (?P<last>[0-9a-f]{7,40})"
)
MERGES = lazily(
    r".{1,60}(?:wants? to merge|requested to merge|merged)(?: \d+ commits?)? (?:into \S{1,80} from (?P<head>\S{1,80})"
    r"|(?P<source>\S{1,80}) into \S{1,80})(?: .{0,60})?"
)
KEY = lazily(r"(?:.{1,80} / )?[A-Z][A-Z0-9]{1,9}-\d{1,6}")
"""Of an issue, the title of which stands below it."""

BESIDE_DESCRIPTION = lazily(
    r"Attachments?(?: \(\d+\))?|Sub-?tasks?|Child (?:work items|issues)|(?:Linked|Related) (?:work items|issues|items)"
    r"|Issue links|Development|Labels|Relationships|(?:Add )?[Ss]ub-issues|Links"
    r"|Anhänge|Unteraufgaben|Verknüpfte Vorgänge"
)
"""What an issue lists below its description."""

TITLE = lazily(r"(?P<title>\S.{3,240}?) (?:[#!]\d{1,7}|\([#!]\d{1,7}\))")

_COUNTED = r"\d{1,3} (?:failing|successful|pending|skipped|cancelled|in progress)"
CHECKED = lazily(
    r"Some checks (?:were not successful|haven['’]t completed yet|failed)|All checks (?:have passed|have failed)"
    rf"|{_COUNTED}(?:(?:,| and|, and) {_COUNTED}){{0,5}} checks?"
)
"""What stands above a list of checks."""

CHECK = lazily(
    r"(?:@?(?:failed|ok|passed|pending|skipped) |[✗✘✕❌✓✔✅xX] )?(?P<name>\S.{0,100}?)??"
    r"(?: ?\((?:pull_request|push|pull_request_target|schedule)\))?\s*(?:[-—–]\s*)?"
    r"(?:(?P<red>Fail(?:ing|ed|ure)|Timed out)|(?P<green>Success(?:ful)?|Succeeded|Passed)|Cancelled|Skipped|Queued)"
    r"(?: (?:after|in) (?P<time>(?:\d+[dhms] ?){1,3}))?(?: ?[-—–] .{0,80})?"
)
PIPELINE = lazily(r"(?:Merge request )?[Pp]ipeline #\d+ (?P<how>failed|passed)(?: (?:for|with) .{1,80})?")

FILE = lazily(r"(?:[\w@.+-]{1,80}/){0,12}[\w@+.-]{0,80}\.[A-Za-z]\w{0,7}|(?:[\w@.+-]{1,80}/){1,12}[\w@+.-]{1,80}")
ATTACHED = lazily(r".+\.(?:log|txt|md|csv|json|ya?ml|pdf|zip|gz|png|jpe?g|gif|mp4|xlsx?|docx?|patch|diff|py|js|html?)")
"""Of a file that somebody has added to a page."""

SENTENCE = lazily(r"\W{0,3}[^\W\d_]\S*(?: \S+){3,}[.!?:)]\W{0,2}")
LINES = lazily(r"Comment on lines? .{1,40}|\d{1,6}")
"""What stands between the name of a file and its lines that a review is about."""

_DONE = (
    r"(?:self-)?(?:added|removed|assigned|unassigned|requested|marked|changed|force-pushed|mentioned|linked|closed"
    r"|reopened|merged|deleted|restored|converted|pinned|locked|moved|enabled|disabled|resolved|unresolved|approved"
    r"|modified|set|dismissed|renamed|referenced|updated|created)\b"
)
DONE = lazily(_DONE)
_OF_CODE = r"(?:added|removed|changed|deleted|moved|enabled|disabled|modified|set|renamed|updated|created|restored)\b"
_OF_PAGE = (
    r"(?:labels?|milestone|title|description|reviews?|assign\w*|approval|branch|time|weight|status|project|commits?"
    r"|issue|request|draft|ready|dependenc\w+|link|attachment|sprint|priority|auto-merge|this|their|cycle"
    r"|estimate|due date|from [A-Z]\w+ to [A-Z])\b"
)
HAPPENED = lazily(rf"{_PICTURE}{_NAME}{_HANDLE} (?!{_OF_CODE}(?!.{{0,200}}\b{_OF_PAGE})){_DONE}.{{0,200}} {_WHEN}")
"""What the page says that somebody did to labels, branches or the page itself; not what they did to the code."""

ENDED = lazily(
    r"Merging is blocked|Merging can be performed automatically.{0,80}|Review required|Pro ?[Tt]ip!(?: .{1,120})?"
    r"|This branch (?:has (?:no )?conflicts|is out-of-date|has not been deployed|is \d+ commits?)\b.{0,80}"
    r"|Draft pull requests cannot be merged\."
    r"|(?:Add|Write|Leave) a (?:comment|reply)(?: or drag your files here)?(?:…|\.{3})?"
    r"|Add more commits by pushing .{1,120}|Successfully merging .{1,120}|Merge (?:request is )?blocked.{0,80}"
    r"|Still in progress\?.{0,80}|This pull request is still a work in progress.{0,80}|Sign (?:up|in) .{1,120}"
    r"|\d{1,3} participants?|Assignees?|Metadata|Reviewers?|Notifications|Footer"
)
"""What a page has below the last comment, or beside all: where comments follow, they are somebody's words."""

FURNITURE = lazily(
    r"(?:Uns|S)how(?: more| less)?|(?:Unr|R)esolve(?:d|(?: (?:thread|conversation)))?|Outdated|Quote reply|Copy link"
    r"|(?:Show|Hide) (?:resolved|details)|View (?:reviewed changes|details)|Details|Reply(?:…|\.{3})?"
    r"|(?:- )?[Ee]dit(?:ed)?(?: by .{1,60})?|(?:Partially )?[Vv]erified|Suggested change|(?:Apply|Commit) suggestion"
    r"|Load more(?:…|\.{3})?|\d+ hidden .{1,40}|Sorry, something went wrong\.?|Uh oh!"
    r"|(?:Toggle|Collapse|Expand) \w{4,10}"
    r"|There was an error while loading\..{0,60}|Choose a reason for hiding this comment|Learn more\.?|Like|[·•]|Draft"
    r"|The reason will be displayed .{1,80}|(?:All|Add) reactions?|Compare with previous version|More actions|Permalink"
    r"|Claude finished @\S{1,60} task in .{1,60}"
    r"|Show(?: options|:)|All|Description|Newest first|Oldest first|Activity|Comments|History|Work log|Delete|Avatar"
    r"|Status changed|[A-Z][A-Z ]{1,30} (?:→|->) [A-Z][A-Z ]{1,30}|\d{1,4} Likes?"
    r"|unread,|(?:to|an|à|para) (?:me|mich|moi|mí)(?:, .{1,80})?"
    r"|@[\w-]{1,40}|(?:[\u2600-\u27bf\U0001f300-\U0001faff]\ufe0f? ?\d{1,4} ?){1,8}"
)
"""Buttons, and what they leave in a copy."""
