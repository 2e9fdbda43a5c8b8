"""What was done for the caller, in the record of the call (K1)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("calls") as batch:
        batch.add_column(sa.Column("done", sa.Text(), nullable=False, server_default=sa.text("'[]'")))
