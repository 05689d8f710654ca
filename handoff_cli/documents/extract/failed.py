"""What a transcript tells of checks and failures, and of what was ruled out: plain values, as in ``facts``."""

from __future__ import annotations

from handoff_cli.core.record import Record


class Attempt(Record):
    """A command whose last run failed, on one line: the telling lines of its ``error`` and how often it ``failed``.

    ``rejected`` tells that the user did not let it run, or stopped it, ``minor`` that nothing is open by it: it only
    looked around, or is a check that passed later or in another form: then it was ``overcome``. ``late``: it ran after
    the latest request. ``reason`` is why it had to fail and nothing is to be learnt from it: ``meant`` for tests that
    were written before what they test, ``astray`` for a path told from another folder; empty for others. ``position``
    is that of the command.
    """

    command: str
    error: str | None = None
    exit_code: int | None = None
    rejected: bool = False
    failed: int = 1
    minor: bool = False
    late: bool = False
    overcome: bool = False
    reason: str = ""
    position: int = 0


MEANT, ASTRAY = "meant", "astray"


class Check(Record):
    """One of the project's own checks as it was last run; ``outcome`` is ``ok``, ``failed`` or None (not known).

    ``piped`` tells that its output went through another command: then the output told the outcome. ``kind`` is
    ``test``, ``lint``, ``types``, ``format``, ``build`` or ``server``; ``edited`` counts the files edited since,
    ``failed`` what it found wrong; ``overcome`` tells that a later run passed that checks as much, or ran it among
    others. ``since`` are the files that ``edited`` counts, the latest first, ``ran`` is the command that a task printed
    as what it runs, ``put_off`` counts the tests that were skipped or may fail (``NO_TESTS``: it found none),
    ``folder`` is where it ran, empty where that is not known, ``below`` the same as seen from where the session began,
    empty where that is there, or the command itself goes there.
    """

    command: str
    outcome: str | None
    exit_code: int | None = None
    piped: bool = False
    kind: str = "test"
    edited: int = 0
    failed: int = 0
    overcome: bool = False
    since: tuple[str, ...] = ()
    ran: str = ""
    put_off: int = 0
    folder: str = ""
    below: str = ""

    @property
    def does(self) -> str:
        """The command that tells what is checked: of a task, what it was seen to run."""
        return self.ran or self.command


class LiveFailure(Record):
    """Something a check found wrong and no later run showed mended: ``name`` (empty: only that it failed) and ``why``.

    ``position`` is that of the run; ``edited`` tells that files were edited since, so that it may be mended already,
    ``touched`` that the file it names was; ``holds`` that no edit since can have mended it. ``cause`` is why, by what
    the agent said since (empty: nothing), ``passed`` its later words that it passes, of which no run is recorded.
    ``undone`` tells that it passed by edits that were taken back since; ``left`` are the user's words to let it be,
    or the agent's where it is ``unrelated``: red without this work by these. ``line`` is the code at the place it names
    (empty: not known); ``stands``: it is of no test and was not edited since, other files were. ``counts`` is how many
    tests failed and passed in the run, as it says.
    """

    name: str
    why: str
    command: str
    kind: str
    position: int
    edited: bool = False
    touched: bool = False
    holds: bool = False
    cause: str = ""
    passed: str = ""
    undone: bool = False
    left: str = ""
    unrelated: bool = False
    line: str = ""
    stands: bool = False
    counts: str = ""


class Repair(Record):
    """Something a check found wrong and a later run showed mended: as in ``LiveFailure``, and ``by`` which edit.

    ``cause`` is why, by the agent's words (empty: it said none); ``position`` is that of the run that showed it.
    """

    name: str
    why: str
    command: str
    by: str
    kind: str = "test"
    cause: str = ""
    position: int = 0


class Lesson(Record):
    """A ``command`` that was wrong itself, ``why`` by its own words, and what was run ``instead`` and worked.

    Or a call that a tool's policy turned down, with nothing instead; ``orders`` are the sentences by which it forbids
    or demands something.
    """

    command: str
    why: str
    instead: str
    orders: str = ""


class Escalated(Record):
    """A ``command`` that ran outside of the agent's sandbox by the user's leave, and what came of it (``outcome``).

    ``reason`` is that with which leave was asked (empty: none was told), ``within`` what it said in the sandbox when it
    was tried there before (empty: it was not).
    """

    command: str
    reason: str = ""
    within: str = ""
    outcome: str | None = None


class Refused(Record):
    """What the user did not let the agent do, on a line, and the words that came next (empty: none did).

    ``stopped`` tells that it had begun, ``proposed`` that it was only an offer in words.
    """

    what: str
    words: str
    stopped: bool = False
    proposed: bool = False


class Verdict(Record):
    """What the user said of an item that the agent laid out: the item, the ``words``, and ``how`` it is by these.

    That is ``left alone``, ``later``, ``taken`` or ``not taken``.
    """

    what: str
    words: str
    how: str


class Refuted(Record):
    """A fix that did not do: ``what`` was made or told (empty: not known), and the user's ``words`` that say so.

    ``error`` is the message that the user reports (empty: none), ``position`` the place of the words. ``live`` tells
    that nothing said since that it works, ``edited`` that files were edited since.
    """

    what: str
    words: str
    error: str = ""
    position: int = 0
    live: bool = False
    edited: bool = False


class PutOff(Record):
    """What the user put off: the ``number`` of the request, its ``words``, and what a few words mean (else empty)."""

    number: int
    words: str
    means: str = ""


class Tried(Record):
    """A change that did not hold: ``where`` in ``path``, ``what`` was tried, ``why`` a check failed, what came then.

    ``cause`` is why, by the agent's words (empty: it said none), ``position`` the place of what came then.
    """

    path: str
    where: str
    what: str
    instead: str
    why: str
    cause: str = ""
    position: int = 0


class Pipeline(Record):
    """What the project's pipeline (CI) said when ``command`` looked at it last: the ``jobs`` that failed.

    ``why`` is what the log of a job tells that was read since (empty: none was), ``pushed`` whether commits were pushed
    or jobs were started again since, ``position`` the place of the look.
    """

    command: str
    jobs: tuple[str, ...]
    why: str = ""
    pushed: bool = False
    position: int = 0
