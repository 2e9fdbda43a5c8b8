"""The tables. A change here needs a migration that says the same (a test compares them).

An instant is text, UTC, always with six decimals (`2026-11-22T06:30:00.000000+00:00`): exact to the microsecond of a
datetime, sorted as text it is sorted in time, and a person can read it in the sqlite3 shell.

What is personal is sealed text, see sealing.py; a column whose name ends in `_index` finds such a text again.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from ivr.records import AUDIT_ACTIONS, LANGUAGES, MESSAGE_KINDS, BookingStatus, HearingKind, MessageStatus

OUTCOMES = ("open", "finished", "caller_hung_up", "line_broke", "failed")
"""of a call, see records.Call.outcome"""


class Instant(TypeDecorator[datetime]):
    """An aware datetime as UTC text; a naive one is refused. Inherits because SQLAlchemy's types are made so."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without its zone: {value.isoformat()}")
        return value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        del dialect
        return None if value is None else datetime.fromisoformat(value)


class Words(TypeDecorator[tuple[str, ...]]):
    """A tuple of words as a JSON list. Inherits because SQLAlchemy's types are made so."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str:
        del dialect
        return json.dumps(value or (), ensure_ascii=False)

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...]:
        del dialect
        return tuple(json.loads(value or "[]"))


def _one_of(name: str, words: tuple[str, ...]) -> sa.Enum:
    """Words of a closed set, kept closed by a check constraint on every database."""
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, validate_strings=True, length=16)


def _member_of(name: str, kind: type[StrEnum]) -> sa.Enum:
    """Values of an enumeration, likewise."""
    return sa.Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=16,
        values_callable=lambda members: [member.value for member in members],
    )


metadata = sa.MetaData(
    naming_convention={
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

calls = sa.Table(
    "calls",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("line", sa.Text, nullable=False),
    sa.Column("started", Instant, nullable=False),
    sa.Column("ended", Instant),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("language", _one_of("language", LANGUAGES)),
    sa.Column("outcome", _one_of("outcome", OUTCOMES), nullable=False),
    sa.Column("ending", sa.Text, nullable=False),
    sa.Column("flags", Words, nullable=False),
    sa.Column("line_quality", sa.Text, nullable=False, server_default=sa.text("''")),
    sa.Column("level_dbfs", sa.Float),
    sa.Column("snr_db", sa.Float),
    sa.Column("recording", sa.Text, nullable=False, server_default=sa.text("''")),
    sa.Column("caller", sa.Text, nullable=False, server_default=sa.text("''")),
    sa.Column("caller_index", sa.Text, nullable=False, server_default=sa.text("''")),
    sa.Column("done", Words, nullable=False, server_default=sa.text("'[]'")),
    sa.Column("owner", sa.Text, nullable=False),  # the process that began it, see owner.py; no part of the record
    sa.Index("ix_calls_started", "started"),
    sa.Index("ix_calls_outcome_started", "outcome", "started"),
    sa.Index("ix_calls_caller_index_started", "caller_index", "started"),
)

turns = sa.Table(
    "turns",
    metadata,
    sa.Column("call_id", sa.Text, sa.ForeignKey(calls.c.id, ondelete="CASCADE"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("prompts", Words, nullable=False),
    sa.Column("said", sa.Text, nullable=False),
    sa.Column("language", _one_of("language", LANGUAGES), nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("hearing", _member_of("hearing", HearingKind)),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("heard", sa.Text, nullable=False),
    sa.Column("keys", sa.Text, nullable=False),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("level_dbfs", sa.Float),
    sa.Column("snr_db", sa.Float),
    sa.Column("line", sa.Text, nullable=False, server_default=sa.text("''")),
    sa.Column("tone", sa.Text, nullable=False, server_default=sa.text("''")),
    sa.Column("gap_share", sa.Float, nullable=False, server_default=sa.text("0")),
    sa.Column("prompt_start", sa.BigInteger, nullable=False),
    sa.Column("prompt_end", sa.BigInteger, nullable=False),
    sa.Column("prompt_length", sa.BigInteger, nullable=False, server_default=sa.text("0")),
    sa.Column("stopped_by", sa.Text, nullable=False, server_default=sa.text("''")),
    sa.Column("voice_start", sa.BigInteger),
    sa.Column("voice_end", sa.BigInteger),
    sa.Column("decided", sa.BigInteger, nullable=False),
    sa.CheckConstraint("attempt >= 0", name="attempt"),
)

bookings = sa.Table(
    "bookings",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("call_id", sa.Text),  # no foreign key: a promise outlives the record of the call that asked for it (K4)
    sa.Column("room", sa.Text, nullable=False),
    sa.Column("room_index", sa.Text, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("local_time", sa.Time, nullable=False),
    sa.Column("timezone", sa.Text, nullable=False),
    sa.Column("due", Instant, nullable=False),
    sa.Column("language", _one_of("language", LANGUAGES), nullable=False),
    sa.Column("created", Instant, nullable=False),
    sa.Column("status", _member_of("status", BookingStatus), nullable=False),
    sa.Index("ix_bookings_room_index_due", "room_index", "due"),
    sa.Index("ix_bookings_status_due", "status", "due"),
)

sa.Index(
    "uq_bookings_booked",
    bookings.c.room_index,
    bookings.c.due,
    unique=True,
    sqlite_where=bookings.c.status == BookingStatus.BOOKED,
    postgresql_where=bookings.c.status == BookingStatus.BOOKED,
)

messages = sa.Table(
    "messages",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("call_id", sa.Text),  # no foreign key, as above
    sa.Column("kind", _one_of("kind", MESSAGE_KINDS), nullable=False),
    sa.Column("addressee", sa.Text, nullable=False),
    sa.Column("addressee_index", sa.Text, nullable=False),
    sa.Column("phone", sa.Text, nullable=False),
    sa.Column("language", _one_of("language", LANGUAGES), nullable=False),
    sa.Column("audio", sa.Text, nullable=False),
    sa.Column("caller_clip", sa.Text, nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("urgent", sa.Boolean, nullable=False),
    sa.Column("created", Instant, nullable=False),
    sa.Column("status", _member_of("status", MessageStatus), nullable=False),
    sa.Column("heard_at", Instant),
    sa.Index("ix_messages_addressee_index_created", "addressee_index", "created"),
    sa.Index("ix_messages_status_created", "status", "created"),
)

seals = sa.Table(
    "seals",  # the keys that rows are sealed with, each with a text that proves it is the right one
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("proof", sa.Text, nullable=False),
    sa.CheckConstraint("id <> ''", name="id"),
)

audit = sa.Table(
    "audit",  # who took personal data out, or erased it (K4)
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("action", _one_of("action", AUDIT_ACTIONS), nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Index("ix_audit_at", "at"),
)
