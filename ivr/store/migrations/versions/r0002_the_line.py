"""What was measured of the line, by turn and by call; how much of a prompt was said; `choppy` as an outcome."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

HEARINGS = "hearing IN ('speech', 'keys', 'silent', 'unanswered', 'too_quiet', 'noisy', 'choppy', 'tone', 'hung_up')"


def upgrade() -> None:
    with op.batch_alter_table("calls") as batch:
        batch.add_column(sa.Column("line_quality", sa.Text(), nullable=False, server_default=sa.text("''")))
        batch.add_column(sa.Column("level_dbfs", sa.Float()))
        batch.add_column(sa.Column("snr_db", sa.Float()))
    with op.batch_alter_table("turns") as batch:
        batch.add_column(sa.Column("snr_db", sa.Float()))
        batch.add_column(sa.Column("line", sa.Text(), nullable=False, server_default=sa.text("''")))
        batch.add_column(sa.Column("tone", sa.Text(), nullable=False, server_default=sa.text("''")))
        batch.add_column(sa.Column("gap_share", sa.Float(), nullable=False, server_default=sa.text("0")))
        batch.add_column(sa.Column("prompt_length", sa.BigInteger(), nullable=False, server_default=sa.text("0")))
        batch.add_column(sa.Column("stopped_by", sa.Text(), nullable=False, server_default=sa.text("''")))
        batch.drop_constraint(op.f("ck_turns_hearing"), type_="check")
        batch.create_check_constraint(op.f("ck_turns_hearing"), HEARINGS)
