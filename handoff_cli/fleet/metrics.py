"""The fleet as OpenTelemetry metrics, sent to where the usual environment variables say.

Attributes have the names of the gen_ai conventions where these have one. Those have no metric for how full a window is:
``gen_ai.client.*`` measure single requests, which nobody here sees. So the metrics' names are our own.
"""

from __future__ import annotations

import os

from handoff_cli.core.fields import shown_url
from handoff_cli.errors import HandoffError, InputError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from handoff_cli.fleet.sessions import Counted, FleetSession

    Fetch = Callable[[], tuple[list[FleetSession], list[Counted]]]

FRESH_SECONDS = 86_400
"""A session that was not seen for longer has no gauges: each is a series of its own."""

_MOST_SERIES = 2_000
_PROTOCOL = "http/protobuf"

_GAUGES: tuple[tuple[str, str, str, Callable[[FleetSession], float]], ...] = (
    ("handoff.context.usage", "{token}", "Tokens in the context window", lambda it: it.total_tokens),
    ("handoff.context.limit", "{token}", "Tokens of the window that can be used", lambda it: it.usable_tokens),
    ("handoff.context.utilization", "1", "Share of the usable window that is full", lambda it: it.usable_percentage),
    ("handoff.session.age", "s", "Time since the session was last seen, by the server", lambda it: it.seen_seconds),
)
_COUNTERS: tuple[tuple[str, str, str, Callable[[Counted], int]], ...] = (
    ("handoff.checkpoints", "{checkpoint}", "Checkpoints tracked", lambda it: it.checkpoints),
    ("handoff.compactions", "{compaction}", "Compactions seen", lambda it: it.compactions),
)


class Exporter:
    """Sends what ``fetch`` returns, once or again and again; ``warn`` is told of what cannot be fetched then.

    Raises:
        InputError: on making: the extra ``otel`` is not installed.
        UsageError: on making: ``OTEL_METRICS_EXPORTER`` or ``OTEL_EXPORTER_OTLP_PROTOCOL`` asks for another way.
    """

    def __init__(self, fetch: Fetch, warn: Callable[[str], None]) -> None:
        self._fetch = fetch
        self._warn = warn
        self._exporter = _exporter()

    def send(self) -> None:
        """Send all once; raises InputError where it is not taken, and what ``fetch`` raises."""
        import logging

        from opentelemetry.sdk.metrics.export import InMemoryMetricReader, MetricExportResult

        # What goes wrong is one line, and ours.
        logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)
        reader = InMemoryMetricReader()
        found = self._fetch()
        provider = observe(lambda: found, reader)
        data = reader.get_metrics_data()
        taken = data is None or self._exporter.export(data) is MetricExportResult.SUCCESS
        provider.shutdown()
        self._exporter.shutdown()
        if not taken:
            where = shown_url(os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4318"))
            raise InputError(f"nobody took the metrics at {where}", "OTEL_EXPORTER_OTLP_ENDPOINT says where to")

    def run(self) -> None:
        """Send every ``OTEL_METRIC_EXPORT_INTERVAL`` milliseconds (60,000) until interrupted."""
        from threading import Event

        from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader

        provider = observe(self._fetched, PeriodicExportingMetricReader(self._exporter))
        try:
            Event().wait()
        finally:
            provider.shutdown()

    def _fetched(self) -> tuple[list[FleetSession], list[Counted]]:
        """Return what there is to send, nothing where the database is away: the next time it may be back."""
        try:
            return self._fetch()
        except HandoffError as error:
            self._warn(error.message)
            return [], []


def observe(fetch: Fetch, reader: Any) -> Any:
    """Return a meter provider whose instruments show what ``fetch`` returns whenever ``reader`` collects."""
    import time

    from opentelemetry.metrics import Observation
    from opentelemetry.sdk.metrics import MeterProvider

    known: list[Any] = [0.0, ([], [])]

    def now() -> tuple[list[FleetSession], list[Counted]]:
        # One collection asks all instruments; the database is asked once.
        if time.monotonic() - known[0] > 1:
            known[:] = [time.monotonic(), fetch()]
        found: tuple[list[FleetSession], list[Counted]] = known[1]
        return found

    def gauge(value: Callable[[FleetSession], float]) -> Callable[[Any], Iterable[Observation]]:
        return lambda _: [Observation(value(it), _of_session(it)) for it in _fresh(now()[0])]

    def counter(value: Callable[[Counted], int]) -> Callable[[Any], Iterable[Observation]]:
        return lambda _: [Observation(value(it), _attributes(it.machine, it.agent, it.model)) for it in now()[1]]

    def sessions(_: Any) -> Iterator[Observation]:
        numbers: dict[tuple[str, str], int] = {}
        for it in now()[0]:
            numbers[it.level, it.state] = numbers.get((it.level, it.state), 0) + 1
        for (level, state), number in numbers.items():
            yield Observation(number, {"handoff.level": level, "handoff.session.state": state})

    provider = MeterProvider([reader], resource=_resource())
    meter = provider.get_meter("handoff")
    for name, unit, about, value in _GAUGES:
        meter.create_observable_gauge(name, [gauge(value)], unit, about)
    for name, unit, about, number in _COUNTERS:
        meter.create_observable_counter(name, [counter(number)], unit, about)
    meter.create_observable_gauge("handoff.sessions", [sessions], "{session}", "Sessions by level and state")
    return provider


def _resource() -> Any:
    from opentelemetry.sdk.resources import Resource

    told = Resource.create()  # by OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES, else by a name of the SDK's own
    is_named = not str(told.attributes["service.name"]).startswith("unknown_service")
    return told if is_named else told.merge(Resource({"service.name": "handoff"}))


def _fresh(found: list[FleetSession]) -> list[FleetSession]:
    return [it for it in found if it.state == "running" and it.seen_seconds <= FRESH_SECONDS][:_MOST_SERIES]


def _of_session(it: FleetSession) -> dict[str, str]:
    own = {"gen_ai.conversation.id": it.session, "handoff.project": it.project, "handoff.level": it.level}
    return {**_attributes(it.machine, it.agent, it.model), **own}


def _attributes(machine: str, agent: str | None, model: str | None) -> dict[str, str]:
    named = {"host.name": machine, "gen_ai.agent.name": agent, "gen_ai.request.model": model}
    return {key: value for key, value in named.items() if value}


def _exporter() -> Any:
    wanted = os.environ.get("OTEL_METRICS_EXPORTER") or "otlp"
    protocol = (
        os.environ.get("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL") or os.environ.get("OTEL_EXPORTER_OTLP_PROTOCOL")
    ) or _PROTOCOL
    try:
        if wanted == "console":
            from opentelemetry.sdk.metrics.export import ConsoleMetricExporter

            return ConsoleMetricExporter()
        if wanted != "otlp":
            raise UsageError(f"OTEL_METRICS_EXPORTER is {wanted!r}", "handoff sends by otlp, or to the console")
        if protocol != _PROTOCOL:
            raise UsageError(f"OTEL_EXPORTER_OTLP_PROTOCOL is {protocol!r}", f"handoff speaks {_PROTOCOL}")
        from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter

        return OTLPMetricExporter()
    except ImportError:
        advice = "install the extra: pip install 'agent-handoffs[fleet,otel]'"
        raise InputError("metrics need the OpenTelemetry SDK", advice) from None
