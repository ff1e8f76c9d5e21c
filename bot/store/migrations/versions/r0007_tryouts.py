"""Conversations that staff tried."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "staff_tryouts",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("sealed", sa.Text, nullable=False),
        sa.Column("created_at", sa.Float, nullable=False),
    )
    op.create_index("ix_staff_tryouts_created_at", "staff_tryouts", ["created_at"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("staff_tryouts")
