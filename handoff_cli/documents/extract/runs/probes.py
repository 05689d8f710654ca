"""Which questions whether something is installed were overtaken: a later command shows that it is there by now."""

from __future__ import annotations

from handoff_cli.core.patterns import MULTILINE, lazily
from handoff_cli.core.transcript import GAVE
from handoff_cli.documents.extract.commands.command_lines import gone_to, without_settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from handoff_cli.core.transcript import Command


def overtaken(commands: Iterable[Command]) -> frozenset[int]:
    """Return the places of imports and look-ups that found a package missing which a later command shows to be there.

    It imports it, runs its code, installs it or lists it, in the same folder and by the same means: what is in one
    environment need not be in another.
    """
    missing: dict[tuple[str, str, str], list[int]] = {}
    over: set[int] = set()
    for command in commands:
        if not _CONCERNS.search(command.text):
            continue
        where = gone_to(command.text), _means(command.text)
        for name in _missed(command):
            missing.setdefault((*where, name), []).append(command.position)
        if missing:
            over.update(at for name in _there(command) for at in missing.pop((*where, name), ()))
    return frozenset(over)


_CONCERNS = lazily(r"\b(?:import|require|pip3?|uv|poetry|pdm|npm|pnpm|yarn|bun)\b")


def _means(text: str) -> str:
    """Return the program that runs, installs and lists the same packages as the one of the command ``text``."""
    first = (without_settings(text).split() or [""])[0]
    return _INTERPRETER.sub("python", _OF_NODE.sub("node", first))


_INTERPRETER, _OF_NODE = lazily(r"(?:python|pip)[\d.]*$"), lazily(r"\b(?:npm|pnpm|yarn|bun)$")


def _missed(command: Command) -> set[str]:
    """Return the packages that a command only asked for, and that were not there."""
    said = f"{command.error or ''}\n{command.output or ''}"
    if _SHOWS.search(command.text):
        return {_name(it) for found in _NOT_FOUND.findall(said) for it in found.split(",")}
    inline = command.outcome == "failed" and _IMPORTS_INLINE.search(command.text)
    return set(map(_name, _NO_MODULE.findall(said))) if inline else set()


_SHOWS, _NOT_FOUND = lazily(r"\bpip3? show\b"), lazily(r"Package\(s\) not found(?: for)?: ([\w.,\[\] -]+)")
_IMPORTS_INLINE = lazily(r"\s-(?:c|e)\s+['\"][^\n]{0,200}?\b(?:import|require)\b")
_NO_MODULE = lazily(r"(?:No module named|Cannot find (?:module|package)) ['\"]([\w.@/-]+)['\"]")


def _there(command: Command) -> set[str]:
    """Return the packages that a command imported, installed or listed."""
    if _IMPORTS_INLINE.search(command.text):
        if command.outcome != "ok":  # what ran before it failed was there
            ran = {_name(it) for path in _FRAME.findall(command.error or "") for it in path.split("/")}
            return ran - _missed(command)
        found = [*_IMPORTED.findall(command.text), *_REQUIRED.findall(command.text)]
        return {_name(".".join(it.split(".")[:deep])) for it in found for deep in range(1, it.count(".") + 2)}
    output = command.output or ""
    if command.outcome not in GAVE or not _INSTALLER.match(without_settings(command.text)):
        return set()
    named = [it.rpartition("-")[0] for line in _INSTALLED.findall(output) for it in line.split()]
    return {_name(it) for it in (*named, *_LISTED.findall(output))}


_IMPORTED = lazily(r"\b(?:from|import)\s+([A-Za-z_][\w.]*)")
_FRAME = lazily(r"^ +File \"([^\"\n]+)\", line", MULTILINE)
_REQUIRED = lazily(r"\brequire\(['\"]([\w@/-]+)['\"]\)")
_INSTALLER = lazily(r"(?:\S*/)?(?:python[\d.]* -m pip|pip3?|uv (?:pip|sync|add)|poetry|pdm|npm|pnpm|yarn|bun)\b")
_INSTALLED = lazily(r"^Successfully installed ([^\n]+)", MULTILINE)
_LISTED = lazily(r"^[ \t+├└│─]{0,12}(?:Name: )?([A-Za-z@][\w./-]*)(?:==|@| +|\nVersion: )v?\d", MULTILINE)


def _name(name: str) -> str:
    return name.strip().lower().replace("_", "-").replace(".", "-")
