"""Settings that commands made outside of the repository: which stand at the end, and which were tried in vain."""

from __future__ import annotations

from handoff_cli.core.light import bisect_right
from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.core.record import Record
from handoff_cli.core.transcript import GAVE
from handoff_cli.documents.extract.commands.command_lines import masked, may_set, steps_in
from handoff_cli.documents.extract.facts import Outside
from handoff_cli.documents.extract.language.words import clipped, plain, whole
from handoff_cli.documents.extract.told.errors_back import names_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from handoff_cli.core.transcript import Command, Transcript
    from handoff_cli.documents.extract.told.errors_back import ErrorsBack


class Setting(Record):
    """A ``value`` put under a ``key`` by a program (``by``), at ``position``; ``lasts``: not for one shell alone.

    A value that may be a secret is left out; of one that is taken away again it is None.
    """

    by: str
    key: str
    value: str | None
    position: int
    lasts: bool = True

    @property
    def told(self) -> str:
        """The setting as it was made."""
        return f"{self.key}={self.value or '…'}"


def settings_in(commands: Sequence[Command]) -> tuple[Setting, ...]:
    """Return the settings that ``commands`` made or took away, in their order."""
    return tuple(
        it
        for command in commands
        if command.outcome in GAVE and len(command.text) <= _READ_CHARS and may_set((command,))
        for it in _made_by(command)
    )


def left_set(settings: Sequence[Setting]) -> tuple[Outside, ...]:
    """Return the settings that stand at the end, the latest first."""
    last: dict[tuple[str, str], Setting] = {}
    for it in settings:
        if it.lasts and it.key:
            last.pop((it.by, it.key), None)
            last[it.by, it.key] = it
        elif it.lasts:
            last = {known: one for known, one in last.items() if known[0] != it.by}
    left = [it for it in last.values() if it.value is not None]
    return tuple(Outside(f"{it.by}: {it.told}", "", False) for it in reversed(left))


def tried_in_vain(settings: Sequence[Setting], transcript: Transcript, back: ErrorsBack) -> tuple[str, ...]:
    """Return the settings after which an error was there as before, each with what shows it, the latest first.

    That are words, or an error in what was printed that had been named before. Only what came next counts, before
    anything else was set or edited.
    """
    said = [it.position for it in transcript.messages]
    ran = [it.position for it in transcript.commands]
    changed = sorted((*(it.position for it in settings), *(it.position for it in transcript.edits)))
    told = [(it.position, names_in(it.text)) for it in transcript.messages] if settings else []
    found: dict[str, str] = {}
    for one in reversed(settings[-_LOOKED_AT:]):
        if one.value is None:
            continue
        until = min(_after(changed, one.position), _after(said, one.position, _HEARD))
        shows = clipped(plain(back.between(one.position, until)), _SAID_CHARS)
        if not shows:
            next_one = bisect_right(ran, one.position)
            after = [it for it in transcript.commands[max(next_one - 1, 0) : next_one + 1] if it.position < until]
            known = {name for at, names in told if at < one.position for name in names}
            printed = "\n".join(f"{it.output or ''}\n{it.error or ''}"[-_PRINTED_CHARS:] for it in after)
            named = sorted(known & names_in(printed))
            shows = f"{', '.join(named)} in what was printed next" if named else ""
        if shows:
            found.setdefault(one.told, f"{one.told} → {shows}")
    return tuple(found.values())[:_MOST]


def _after(places: Sequence[int], position: int, skipped: int = 0) -> float:
    """Return the first of ``places`` behind ``position``, but for the ``skipped`` ones; endless where none is."""
    at = bisect_right(places, position) + skipped
    return places[at] if at < len(places) else float("inf")


_HEARD, _LOOKED_AT, _PRINTED_CHARS = 2, 40, 2_000
"""So many messages are heard for what came of a setting."""


def _made_by(command: Command) -> Iterator[Setting]:
    bare = masked(command.text)
    for begins, ends in steps_in(bare):
        found = _SETS.match(command.text[begins:ends])
        if found is None:
            continue
        words, lasts = _words_of(command.text[begins + found.end() : ends]), not found["shell"]
        by = _NO_VERB.sub("", (found["set"] or found["unset"] or found["shell"]))
        if found["unset"]:
            yield from (Setting(by, it.partition("=")[0], None, command.position) for it in words[:1] or ("",))
            continue
        pairs = [it.partition("=") for it in words if _PAIR.match(it)]
        if not pairs and len(words) > 1 and lasts:
            pairs = [(words[0], "=", words[1])]
        secret = _ALL_SECRET.match(by) is not None
        for key, _, value in pairs:
            hidden = secret or _SECRET.search(key) or "$(" in value or whole(f"{key}={value}") != f"{key}={value}"
            yield Setting(by, key, "" if hidden else clipped(value, _VALUE_CHARS), command.position, lasts)


def _words_of(rest: str) -> list[str]:
    """Return what follows a program's name: the words, without options and their values, out of their quotes."""
    told = [it[0].replace('"', "").replace("'", "") for it in _WORD.finditer(rest.partition("|")[0].partition(">")[0])]
    kept: list[str] = []
    for place, word in enumerate(told):
        if (not word.startswith("-") and not (place and _VALUED.fullmatch(told[place - 1]))) or (
            place and told[place - 1] in ("-b", "--body")
        ):
            kept.append(word)
    return kept


_READ_CHARS, _VALUE_CHARS, _SAID_CHARS, _MOST = 4_000, 80, 120, 6
_SETS = lazily(
    r"\s*(?:sudo\s+)?(?:(?P<unset>dotnet user-secrets (?:remove|clear)|(?:npm|pnpm|yarn|pip3?|gcloud|az) config"
    r" (?:delete|rm|unset)"
    r"|git config --global --unset(?:-all)?|gh (?:variable|secret) delete|heroku config:unset|fly(?:ctl)? secrets unset"
    r"|launchctl unsetenv|defaults delete [\w.-]+)"
    r"|(?P<set>dotnet user-secrets set|(?:npm|pnpm|yarn|pip3?|conda|gcloud|az|flutter|minikube) config (?:set|--set)"
    r"|git config --global(?! --(?:get|list|unset|edit)| -)|poetry config(?! --)|aws configure set"
    r"|gh (?:variable|secret) set|heroku config:set|fly(?:ctl)? secrets set|setx|launchctl setenv"
    r"|defaults write [\w.-]+|kubectl (?:-n \S+ )?set env \S+)|(?P<shell>export))(?![\w-])"
)
_NO_VERB = lazily(
    r" (?:set(?! env)|remove|clear|delete|rm|unset|--set|--unset(?:-all)?)\b|(?<=:)(?:set|unset)\b|(?<=defaults )\w+ "
)
_WORD = lazily(r"(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s\"'])+")
_VALUED = lazily(r"--(?:project|id|repo|env|location|namespace|app|configuration|profile|org|body)|-[Renapbo]")
_PAIR = lazily(r"[A-Za-z_][\w.:/@-]*=.")
_ALL_SECRET = lazily(r"gh secret|fly(?:ctl)? secrets")
_SECRET = caseless(r"secret|token|passw|pwd|key\b|api_?key|apikey|credential|auth|connectionstring|dsn|private|cert")
