"""Which names before a turn are speakers': known ones where both sides are named, others where they take turns."""

from __future__ import annotations

import re

from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.conversation.marks.deeds import Doing, called_upon, doer, is_called, tells_of_work
from handoff_cli.transcripts.conversation.marks.inputs import TOOLS
from handoff_cli.transcripts.conversation.marks.speakers import (
    ASSISTANT,
    BOLD,
    EXPORTED,
    LABEL,
    SYSTEM,
    TOOL,
    USER,
    role_of,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.transcripts.conversation.marks.speakers import Mark

_ACCOUNT = compiled(r"[a-z0-9](?:[\w.-]{0,38}[a-z0-9])?", re.IGNORECASE)
"""A name as people have it on GitHub."""

NO_NAMES = frozenset(  # words that stand before a colon and are nobody's name
    """
    error warning note info debug fatal hint file line name path url http https usage example todo next decision
    fix feat chore docs refactor test tests expected actual got want output input result results host date from
    to subject step summary plan goal status reason cause problem solution context description title version
    type key value id author commit branch merge step1 option risk risks changes change added removed updated
    question answer options pros cons today yesterday tomorrow important tip caution details notes background
    update issue bug feature task tasks done blocked open closed success failure failed passed warn trace
    critical exception default required optional returns args raises cc re source target size count total time
    duration start end begin before after first second third finally also but and or if else then see is it this
    that co-authored-by signed-off-by reviewed-by reported-by acked-by arguments args parameters action tool_call
    tool_result tool_use command stdout stderr returned running ran div span p br hr b i u a li ul ol td tr th table
    code pre img details summary h1 h2 h3 h4 em strong svg path
    entscheidung beschluss regel fehler warnung hinweis achtung offen ziel grund ursache lösung ergebnis frage schritt
    stand datei befehl ausgabe aufgabe problem erledigt weiter wichtig beispiel termin
    décision règle erreur attention remarque objectif but raison cause résultat étape fichier commande tâche suite
    decisión regla aviso nota objetivo razón causa resultado paso archivo tarea
    """.split()  # noqa: SIM905 (a list of words is read as one)
) | {"nächster schritt", "nächste schritte", "zu tun", "à faire", "prochaine étape", "próximo paso", "por hacer"}
_ALSO_WORDS = frozenset(("question", "answer", "model", "response", "prompt", "operator", "customer", "agent"))
_TURN_WORDS = 3
_MOST_SPEAKERS = 8
_MOST_SPACES = 2
_LEAST_ANSWERS = 2
_MOST_HEARD, _HEARD_CHARS = 4_000, 2_000
"""Who does the work shows within so many lines, none of them longer."""

_PLACEHOLDER = compiled(r"(?:\{\{? ?[\w.]+ ?\}\}?|<[\w -]+>|\$\{?\w+\}?|%s|\.\.\.|…)[\"']*$")
"""What stands behind a name in a template of a conversation."""

_LISTED = compiled(r"[A-ZÀ-Þ][\w.'-]{1,30}(?: [\w.'-]{1,30}){0,3}")
_OF_TOOLS = compiled(r"(?:tool|action|function)[ _]", re.IGNORECASE)


def is_weak(mark: Mark) -> bool:
    """Return whether a name before a colon may as well be that of a setting."""
    return not mark.chat and (mark.name == mark.name.casefold() or mark.name.casefold() in _ALSO_WORDS)


def is_no_name(name: str) -> bool:
    """Return whether a word that stands where a speaker's name may is known to be none."""
    return name.casefold() in NO_NAMES or name.casefold() in TOOLS


def _may_be_name(mark: Mark, after_gap: bool) -> bool:
    """Return whether a word that nobody knows as a name may be one: it is written as in chats, or begins large."""
    few = mark.name.count(" ") <= _MOST_SPACES
    return few and not _OF_TOOLS.match(mark.name) and (mark.chat or (after_gap and mark.name != mark.name.casefold()))


class Names:
    """Counts the names that stand before text, to tell speakers from other words before a colon."""

    MOST = 300

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.switches: dict[str, int] = {}
        self.words: dict[str, int] = {}
        self.last = ""
        self.roles: dict[str, set[str]] = {}
        self.lower: set[str] = set()
        self.chat: set[str] = set()
        self.badged: dict[str, int] = {}
        self._spoken = self._plain = 0
        self._addressed: dict[str, int] = {}
        self._deeds: dict[str, int] = {}
        self._heard = 0
        self._listed: set[str] = set()
        self._told = False
        self.asking: dict[str, list[int]] = {}
        self._asked = ""
        self._answers = self._requests = 0
        self._waits = False
        self._answering: dict[str, int] = {}

    def count(self, mark: Mark, after_gap: bool) -> None:
        """Take in a mark; ``after_gap`` tells that it stands after an empty line, another mark, or with a time."""
        name = mark.name.casefold()
        if mark.way == BOLD:
            self._follows(name, mark.role)
        self._ask(name, mark, after_gap)
        if mark.role and not (mark.way == LABEL and _PLACEHOLDER.match(mark.rest)):
            self.roles.setdefault(mark.way, set()).add(mark.role)
        if mark.way == LABEL and not _PLACEHOLDER.match(mark.rest):
            self._label(name, mark, after_gap)

    @property
    def are_addressed(self) -> bool:
        """Whether a plain ``name:`` of one who speaks as in chats calls upon them: more often they speak so."""
        return self._spoken > self._plain

    def _in_chat(self, name: str, mark: Mark) -> None:
        """Note who is shown as a program."""
        self._spoken += 1
        if mark.badge:
            self.badged[name] = self.badged.get(name, 0) + 1

    def hears(self, said: str) -> None:
        """Take in a line of what was said by who was named last: whom it calls upon, and whether it tells of work."""
        if not self.last:
            self._lists(said)
        if not self.last or self._heard > _MOST_HEARD or len(said) > _HEARD_CHARS:
            return
        self._heard += 1
        for called in called_upon(said):
            if called in self._addressed or len(self._addressed) < self.MOST:
                self._addressed[called] = self._addressed.get(called, 0) + 1
        if not self._told and tells_of_work(said):
            self._told = True
            self._deeds[self.last] = self._deeds.get(self.last, 0) + 1

    def _lists(self, said: str) -> None:
        """Note who is in a list of names above all that is said: of those who take part."""
        names = said.split(", ") if ", " in said and len(said) <= _HEARD_CHARS else []
        if all(map(_LISTED.fullmatch, names)) and len(self._listed) < self.MOST:
            self._listed.update(map(str.casefold, names))

    def _label(self, name: str, mark: Mark, after_gap: bool) -> None:
        if not mark.chat and self._spoken:
            self._plain += name in self.chat
            self.hears(f"{name}:")
        if mark.role:
            if mark.name == name and len(name) > 1:
                self.lower.add(name)
        elif is_no_name(name) or not _may_be_name(mark, after_gap):
            return
        if name not in self.counts and len(self.counts) >= self.MOST:
            return
        if mark.chat:
            self.chat.add(name)
            self._in_chat(name, mark)
            if name == self.last:
                self.hears(mark.rest)
                return
        self.counts[name] = self.counts.get(name, 0) + 1
        self.words[name] = self.words.get(name, 0) + mark.rest.count(" ") + 1
        if name != self.last:
            self.switches[name] = self.switches.get(name, 0) + 1
            self._told = False
        self.last = name
        self.hears(mark.rest)

    def is_wordy(self) -> bool:
        """Return whether those that were named say something, as the values of settings do not.

        What people say in chats may stand below their names.
        """
        named = [it for it in self.counts if it not in self.chat or self.words[it] > self.counts[it]]
        return sum(self.words[it] for it in named) >= _TURN_WORDS * sum(self.counts[it] for it in named)

    def _ask(self, name: str, mark: Mark, after_gap: bool) -> None:
        """Note after which names nobody knows the agent answers: where the user is not named, one of them asks."""
        if mark.role == ASSISTANT:
            self._answers += self._asked != mark.role
            if self._asked in self.asking:
                self.asking[self._asked][1] += 1
            self._asked = mark.role
        elif (
            mark.role is None
            and after_gap
            and (mark.way in (BOLD, EXPORTED) or (_ACCOUNT.fullmatch(name) and mark.rest and not self.chat))
            and name not in NO_NAMES
            and name not in TOOLS
            and (name in self.asking or len(self.asking) < self.MOST)
        ):
            self.asking.setdefault(name, [0, 0])[0] += 1
            self._asked = name

    def asker(self) -> str | None:
        """Return the name after which the agent answers, most times it is said and most times the agent answers.

        Who is named last waits for the answer.
        """
        name, (said, answered) = max(self.asking.items(), key=lambda it: it[1][1], default=("", (0, 0)))
        said -= name == self._asked
        return name if answered * 2 > said and answered * 2 > self._answers else None

    def _follows(self, name: str, role: str | None) -> None:
        """Note the first bold name after each of the user's, where that is nobody's."""
        self._requests += role == USER
        if role is None and self._waits and (name in self._answering or len(self._answering) < self.MOST):
            self._answering[name] = self._answering.get(name, 0) + 1
        self._waits = role == USER

    def answerer(self) -> str | None:
        """Return the bold name that follows all requests but maybe the last, where the agent is never named.

        So a log of requests calls what was done about each: its solution, the changes.
        """
        name, times = max(self._answering.items(), key=lambda it: it[1], default=("", 0))
        is_named = ASSISTANT in set().union(*self.roles.values())
        return name if times >= max(_LEAST_ANSWERS, self._requests - 1) and not is_named else None

    def speakers(self, *, of_chats: bool = False) -> dict[str, str]:
        """Return the role of each name that is a speaker's; of names nobody knows only those that alternate are.

        ``of_chats``: of those only the ones that are written as in chats, as others speak in other ways.
        """
        known = {name: role for name in self.counts if (role := role_of(name)) and self._is_speaker(name, role)}
        if self.counts.keys() >= {"thought", "observation"}:  # of an agent that says before each act what it thinks
            known = {"question": USER, **known, "thought": ASSISTANT}  # its log may leave out what was asked
        known |= self._programs()
        if {USER, ASSISTANT} <= {*known.values()}:
            return known
        unnamed = USER not in known.values() and USER not in set().union(*self.roles.values()) and not self.chat
        if unnamed and (name := self.asker()):
            return {**known, name: USER}
        guessed = self._alternating(known)
        if of_chats and not known:
            guessed = {name: role for name, role in guessed.items() if name in self.chat}
        return {**guessed, **known}

    def _programs(self) -> dict[str, str]:
        """Return the roles of those that a chat shows as programs: one is the agent, what others post is nobody's."""
        programs = [it for it in self.badged if it in self.counts and not role_of(it)]
        is_known = any(role_of(it) == ASSISTANT for it in self.chat)
        agent = "" if is_known or not programs else max(programs, key=lambda it: self.badged[it])
        return {it: ASSISTANT if it == agent else SYSTEM for it in programs}

    def _meets(self, name: str) -> bool:
        """Return whether who chats by this name takes turns with somebody: who speaks once only is one more."""
        return self.counts.get(name, 0) > 1 and any(self.counts.get(it, 0) > 1 for it in self.chat if it != name)

    def _agent(self, names: list[str]) -> str:
        """Return who of ``names`` does the work, or is called upon most; empty text where nobody is."""
        spoken = {
            it: Doing(
                self.switches.get(it, 0), sum(is_called(it, (called,)) * n for called, n in self._addressed.items()), n
            )
            for it in names
            if (n := self._deeds.get(it, 0))
        }
        return doer(spoken, next(iter(self.counts), "")) or self._called_upon(names)

    def _called_upon(self, names: list[str]) -> str:
        """Return whom the others of ``names`` call upon more often than anybody else, empty where they do not."""
        called = {it: self._addressed.get(it, 0) + self._addressed.get(it.partition(" ")[0], 0) for it in names}
        *_, second, first = sorted((0, 0, *called.values()))
        return max(names, key=lambda it: called[it]) if first > max(1, second) else ""

    def _is_speaker(self, name: str, role: str) -> bool:
        """Return whether a name that stands for a role does so here: some are words that also stand before a colon."""
        both = {USER, ASSISTANT} <= self.roles.get(LABEL, set())
        if len(name) == 1 or name in _ALSO_WORDS:
            return both and (role != USER or self.counts[name] > 1 or name in ("q", "h"))
        return both if name in self.lower or role in (SYSTEM, TOOL) else True

    def _alternating(self, known: dict[str, str]) -> dict[str, str]:
        """Return the roles of names that take turns with each other, or with those that are known."""
        names = [it for it in self.counts if it not in known and len(it) > 1 and it not in _ALSO_WORDS]
        if len(self.chat.intersection(names)) > 1 or self.chat.intersection(known):
            names = [it for it in names if it in self.chat]
        met = any(role_of(it) or it in known or self._meets(it) for it in self.chat) or (
            len(self.chat) == 2 < sum(self.counts.get(it, 0) for it in self.chat)  # noqa: PLR2004 (it takes two)
        )
        names = [
            it for it in names if self.counts[it] > 1 or role_of(it) or (met and it in self.chat) or it in self._listed
        ]
        names = [
            it for it in names if self.words[it] >= _TURN_WORDS * self.counts[it] or role_of(it) or it in self.chat
        ]
        if not 1 <= len(names) <= _MOST_SPEAKERS or len(names) + len(known) < 2:  # noqa: PLR2004 (it takes two)
            return {}
        rarest = min(names, key=lambda it: self.counts[it])
        if self.switches.get(rarest, 0) * 2 < self.counts[rarest]:
            return {}
        taken = {*known.values(), *(role for it in names if (role := role_of(it)))}
        roles = {it: role_of(it) or (USER if USER not in taken else ASSISTANT) for it in names}
        agent = self._agent(names) if ASSISTANT not in taken else ""
        if ASSISTANT not in taken and not known and len(names) == 2:  # noqa: PLR2004
            agent = agent or names[1]  # one asks, the other does
        if agent:
            roles[agent] = ASSISTANT
        return roles if USER in roles.values() or USER in taken else {}
