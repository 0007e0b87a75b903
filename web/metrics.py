"""What a server does, in numbers for Prometheus, and in a line of the log for each request."""

import json
import logging
import sys
import time
from collections.abc import Iterable
from typing import Any

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.datastructures import State
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)  # seconds; the marks of search and ask are inside
LOG = logging.getLogger("tantu")
AUDIT = logging.getLogger("tantu.audit")
router = APIRouter(include_in_schema=False)


class Metrics:
    """The numbers of one application."""

    def __init__(self, state: State) -> None:
        """Begin to count; what is there now is looked up when somebody asks."""
        self.registry = CollectorRegistry()
        names = ("route", "method", "status")
        about = "Time from a request to the end of its answer"
        self.seconds = Histogram("tantu_request_seconds", about, names, buckets=BUCKETS, registry=self.registry)
        self.registry.register(Present(state))


class Present(Collector):
    """What is there at the moment: the generation with its counts, queries, workers."""

    def __init__(self, state: State) -> None:
        """Look at the state of an application."""
        self._state = state

    def collect(self) -> Iterable[Metric]:
        """Yield the gauges."""
        library, admission = self._state.library, self._state.admission
        info = GaugeMetricFamily("tantu_generation_info", "The generation that is served", labels=["generation"])
        info.add_metric([library.manifest.key], 1)
        yield info
        for name, number in library.manifest.counts.items():
            yield GaugeMetricFamily(f"tantu_{name}", f"How many {name} the generation has", value=number)
        yield GaugeMetricFamily("tantu_queries_running", "SPARQL queries at work", value=admission.running)
        yield GaugeMetricFamily("tantu_queries_waiting", "SPARQL queries that wait", value=admission.waiting)
        yield GaugeMetricFamily("tantu_query_workers", "Processes for queries", value=len(library.pool.pids()))


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """Return all numbers in the text format of Prometheus."""
    return Response(generate_latest(request.app.state.metrics.registry), media_type=CONTENT_TYPE_LATEST)


class Counted:
    """Counts requests by route, method and status, with the time that they take."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and count it when its answer has been sent."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begin, status = time.perf_counter(), 500

        async def counting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, counting)
        finally:
            _count(scope, status, time.perf_counter() - begin)


def _count(scope: Scope, status: int, seconds: float) -> None:
    """Count a request; an address that no route has is one of many, and they count together."""
    route, method = getattr(scope.get("route"), "path", "other"), scope["method"]
    scope["app"].state.metrics.seconds.labels(route, method, status).observe(seconds)
    if LOG.isEnabledFor(logging.INFO):  # the path and no more: what people ask is theirs
        said = {"method": method, "path": scope["path"], "status": status, "ms": round(1000 * seconds, 1)}
        LOG.info("%s %s %d", method, scope["path"], status, extra={"fields": said})


class Lines(logging.Formatter):
    """Writes each record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line: time, level, message, and the fields that it was given."""
        said: dict[str, Any] = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            said["exception"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False)


def set_up_logs(form: str) -> None:
    """Write the log to standard error: warnings alone (``warnings``), or every request as ``text`` or ``json``."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines() if form == "json" else logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    for logger in (LOG, logging.getLogger("uvicorn")):  # what the server cannot answer is a line like all others
        logger.handlers, logger.propagate = [handler], False
    LOG.setLevel(logging.WARNING if form == "warnings" else logging.INFO)
    AUDIT.setLevel(logging.INFO)  # who changed what is always written
