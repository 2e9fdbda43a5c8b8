"""The number that calls, sealed and found by a blind index; a number that is to be called back, without a sound."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KINDS = "kind IN ('room', 'extension', 'department', 'call_back')"


def upgrade() -> None:
    with op.batch_alter_table("calls") as batch:
        batch.add_column(sa.Column("caller", sa.Text(), nullable=False, server_default=sa.text("''")))
        batch.add_column(sa.Column("caller_index", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.create_index("ix_calls_caller_index_started", "calls", ["caller_index", "started"])
    with op.batch_alter_table("messages") as batch:
        batch.drop_constraint(op.f("ck_messages_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_messages_kind"), KINDS)
