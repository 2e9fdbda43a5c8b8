"""Calls, their turns, and wake-up bookings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

LANGUAGES = "language IN ('zh', 'en')"
OUTCOMES = "outcome IN ('open', 'finished', 'caller_hung_up', 'line_broke', 'failed')"
HEARINGS = "hearing IN ('speech', 'keys', 'silent', 'unanswered', 'too_quiet', 'noisy', 'tone', 'hung_up')"
STATUSES = "status IN ('booked', 'cancelled')"


def upgrade() -> None:
    _calls()
    _turns()
    _bookings()


def _calls() -> None:
    op.create_table(
        "calls",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("started", sa.Text(), nullable=False),
        sa.Column("ended", sa.Text()),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("language", sa.String(16)),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("ending", sa.Text(), nullable=False),
        sa.Column("flags", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calls")),
        sa.CheckConstraint(LANGUAGES, name=op.f("ck_calls_language")),
        sa.CheckConstraint(OUTCOMES, name=op.f("ck_calls_outcome")),
    )
    op.create_index("ix_calls_started", "calls", ["started"])
    op.create_index("ix_calls_outcome_started", "calls", ["outcome", "started"])


def _turns() -> None:
    op.create_table(
        "turns",
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("prompts", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("hearing", sa.String(16)),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("heard", sa.Text(), nullable=False),
        sa.Column("keys", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("level_dbfs", sa.Float()),
        sa.Column("prompt_start", sa.BigInteger(), nullable=False),
        sa.Column("prompt_end", sa.BigInteger(), nullable=False),
        sa.Column("voice_start", sa.BigInteger()),
        sa.Column("voice_end", sa.BigInteger()),
        sa.Column("decided", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("call_id", "number", name=op.f("pk_turns")),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_turns_call_id"), ondelete="CASCADE"),
        sa.CheckConstraint("attempt >= 0", name=op.f("ck_turns_attempt")),
        sa.CheckConstraint(LANGUAGES, name=op.f("ck_turns_language")),
        sa.CheckConstraint(HEARINGS, name=op.f("ck_turns_hearing")),
    )


def _bookings() -> None:
    op.create_table(
        "bookings",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("call_id", sa.Text()),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("local_time", sa.Time(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("due", sa.Text(), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("created", sa.Text(), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bookings")),
        sa.CheckConstraint(LANGUAGES, name=op.f("ck_bookings_language")),
        sa.CheckConstraint(STATUSES, name=op.f("ck_bookings_status")),
    )
    op.create_index("ix_bookings_room_due", "bookings", ["room", "due"])
    op.create_index("ix_bookings_status_due", "bookings", ["status", "due"])
    booked = sa.text("status = 'booked'")
    op.create_index(
        "uq_bookings_booked", "bookings", ["room", "due"], unique=True, sqlite_where=booked, postgresql_where=booked
    )
