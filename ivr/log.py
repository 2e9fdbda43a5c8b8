"""Structured logs, one line a call; a caller's words never reach INFO."""

from __future__ import annotations

import logging
import sys
from typing import cast

import structlog


def configure(*, verbose: bool = False, as_json: bool = False) -> None:
    """Send our logs to stderr: readable lines for a person, JSON for a collector."""
    renderer = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG if verbose else logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def logger() -> structlog.typing.FilteringBoundLogger:
    """Get the log; who has not called `configure` gets warnings on stderr, never a line on stdout."""
    if not structlog.is_configured():
        configure()
    return cast("structlog.typing.FilteringBoundLogger", structlog.get_logger())
