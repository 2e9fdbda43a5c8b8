"""Messages; the recording of a call; personal columns may be sealed, and are found by blind indexes; the audit.

Rows from before stay as they are until `ivr keys rotate` seals them; until then their index is the plain text.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

LANGUAGES = "language IN ('zh', 'en')"
KINDS = "kind IN ('room', 'extension', 'department')"
STATUSES = "status IN ('new', 'heard', 'delivered', 'deleted')"
ACTIONS = "action IN ('export', 'purge', 'rotate')"


def upgrade() -> None:
    with op.batch_alter_table("calls") as batch:
        batch.add_column(sa.Column("recording", sa.Text(), nullable=False, server_default=sa.text("''")))
    _bookings()
    _messages()
    _seals()
    _audit()


def _bookings() -> None:
    op.drop_index("ix_bookings_room_due", "bookings")
    op.drop_index("uq_bookings_booked", "bookings")
    with op.batch_alter_table("bookings") as batch:
        batch.add_column(sa.Column("room_index", sa.Text()))
    op.execute("UPDATE bookings SET room_index = room")
    with op.batch_alter_table("bookings") as batch:
        batch.alter_column("room_index", existing_type=sa.Text(), nullable=False)
    booked = sa.text("status = 'booked'")
    op.create_index("ix_bookings_room_index_due", "bookings", ["room_index", "due"])
    op.create_index(
        "uq_bookings_booked",
        "bookings",
        ["room_index", "due"],
        unique=True,
        sqlite_where=booked,
        postgresql_where=booked,
    )


def _messages() -> None:
    op.create_table(
        "messages",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("call_id", sa.Text()),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("addressee", sa.Text(), nullable=False),
        sa.Column("addressee_index", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("audio", sa.Text(), nullable=False),
        sa.Column("caller_clip", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("created", sa.Text(), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("heard_at", sa.Text()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.CheckConstraint(KINDS, name=op.f("ck_messages_kind")),
        sa.CheckConstraint(LANGUAGES, name=op.f("ck_messages_language")),
        sa.CheckConstraint(STATUSES, name=op.f("ck_messages_status")),
    )
    op.create_index("ix_messages_addressee_index_created", "messages", ["addressee_index", "created"])
    op.create_index("ix_messages_status_created", "messages", ["status", "created"])


def _seals() -> None:
    op.create_table(
        "seals",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seals")),
        sa.CheckConstraint("id <> ''", name=op.f("ck_seals_id")),
    )


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit")),
        sa.CheckConstraint(ACTIONS, name=op.f("ck_audit_action")),
    )
    op.create_index("ix_audit_at", "audit", ["at"])
