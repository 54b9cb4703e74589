"""Figures of a service for Prometheus: how requests are answered, and how the log, its checkpoint and its views stand.

Nothing of what the record says is in them, and no caller is told apart: routes are counted by the names that the
OpenAPI document gives them.
"""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, SummaryMetricFamily
from prometheus_client.registry import Collector
from starlette.responses import Response

from ledger.store.deciding.committer import Work

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from prometheus_client.core import Metric
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from api.http.bounds.whole_logs import Why

FIGURES: Final = CONTENT_TYPE_LATEST
_ELSEWHERE: Final = "none"
"""The route of a request that none takes."""

_CUT_OFF: Final = 499
_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0)

GAUGES: Final[Mapping[str, str]] = {
    "vialog_log_entries": "Entries of the log.",
    "vialog_checkpoint_entries": "Entries that the newest checkpoint covers.",
    "vialog_checkpoint_late_seconds": "For how long the newest entries have had no checkpoint.",
    "vialog_witness_problems": "Witnesses that do not cosign, or have forgotten what they cosigned.",
    "vialog_views_lag_entries": "Entries that the views have not applied yet; absent where the service keeps none.",
    "vialog_waiting_statements": "Statements that wait to be verified or decided in this process.",
    "vialog_healthy": "1 where the log records and publishes, else 0.",
}


HOOKS: Final = "vialog_hook_attempts"
WHOLE_LOGS: Final = "vialog_whole_log_readings"

SUMMARIES: Final[Mapping[str, str]] = {
    "vialog_batch_statements": "Batches that were decided in this process, and the statements in them.",
    "vialog_commit_seconds": "The same batches, and the seconds from taking one to its commit.",
}


class Metrics:
    """The figures of one service, in a registry of its own."""

    def __init__(self) -> None:
        """Count nothing yet."""
        self._registry = CollectorRegistry()
        self._standing = _Standing()
        self._registry.register(self._standing)
        self._answers = Counter(
            "vialog_http_requests", "Requests that were answered.", ("route", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "vialog_http_request_seconds",
            "From a request's head to the end of its answer.",
            ("route",),
            buckets=_SECONDS,
            registry=self._registry,
        )

    def answered(self, route: str, status: int, seconds: float) -> None:
        """Count a request."""
        self._answers.labels(route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def answer(
        self, standing: Mapping[str, float], work: Work, delivered: Mapping[str, int], whole: Mapping[Why, int]
    ) -> Response:
        """Return all figures as Prometheus reads them.

        standing: of GAUGES those that are known now. delivered: attempts at hooks, by what became of them. whole: how
        often all of the log was read, by why.
        """
        self._standing.known, self._standing.work = standing, work
        self._standing.delivered, self._standing.whole = delivered, whole
        return Response(generate_latest(self._registry), headers={"Cache-Control": "no-store"}, media_type=FIGURES)


class Counted:
    """An application of which every answer is counted, also those that are given before it is asked."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        """Stand before an application."""
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the application answer, and count it; who is cut off is counted as 499."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = perf_counter(), _CUT_OFF

        async def noticed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noticed)
        finally:
            route = getattr(scope.get("route"), "operation_id", None) or _ELSEWHERE
            self._metrics.answered(route, status, perf_counter() - began)


class _Standing(Collector):
    """What is known of the log when somebody asks."""

    def __init__(self) -> None:
        self.known: Mapping[str, float] = {}
        self.work = Work()
        self.delivered: Mapping[str, int] = {}
        self.whole: Mapping[Why, int] = {}

    def collect(self) -> Iterable[Metric]:
        for name, value in self.known.items():
            yield GaugeMetricFamily(name, GAUGES[name], value=value)
        work = self.work
        for name, total in (("vialog_batch_statements", work.statements), ("vialog_commit_seconds", work.seconds)):
            yield SummaryMetricFamily(name, SUMMARIES[name], count_value=work.batches, sum_value=total)
        hooks = CounterMetricFamily(HOOKS, "Attempts at hooks from this process.", labels=("outcome",))
        for outcome, times in self.delivered.items():
            hooks.add_metric((outcome,), times)
        yield hooks
        whole = CounterMetricFamily(WHOLE_LOGS, "Requests for which the whole log was read.", labels=("why",))
        for why, times in self.whole.items():
            whole.add_metric((why,), times)
        yield whole


def standing_of(found: Mapping[str, Any], late: float, waiting: int) -> dict[str, float]:
    """Return the gauges of what health found.

    found: the members of its answer; what could not be read is absent. late: seconds. waiting: statements.
    """
    views = found.get("views", {})
    known = {
        "vialog_log_entries": found.get("size"),
        "vialog_checkpoint_entries": found.get("checkpoint"),
        "vialog_checkpoint_late_seconds": late,
        "vialog_witness_problems": len(found["witnesses"]),
        "vialog_views_lag_entries": views.get("lag"),
        "vialog_waiting_statements": waiting,
        "vialog_healthy": float("problem" not in found),
    }
    return {name: float(value) for name, value in known.items() if value is not None}
