"""Families, inbox and outbox of the SMS channel."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "sms_families",
        sa.Column("conversation", sa.String(64), primary_key=True),
        sa.Column("lang", sa.String(8), nullable=False),
        sa.Column("opted_out", sa.Boolean, nullable=False),
        sa.Column("greeted", sa.Boolean, nullable=False),
        sa.Column("more", sa.Text, nullable=True),
        sa.Column("noticed_at", sa.Float, nullable=False),
        sa.Column("seen_at", sa.Float, nullable=False),
    )
    op.create_table(
        "sms_inbox",
        sa.Column("sid", sa.String(64), primary_key=True),
        sa.Column("conversation", sa.String(64), nullable=False),
        sa.Column("received_at", sa.Float, nullable=False),
        sa.Column("sealed", sa.Text, nullable=True),
        sa.Column("answer", sa.Text, nullable=True),
        sa.Column("done", sa.Boolean, nullable=False),
        sa.Column("helped", sa.Boolean, nullable=False),
        sa.Column("lease_until", sa.Float, nullable=False),
    )
    op.create_index("ix_sms_inbox_received_at", "sms_inbox", ["received_at"])
    op.create_index("ix_sms_inbox_conversation", "sms_inbox", ["conversation", "received_at"])
    op.create_index("ix_sms_inbox_done", "sms_inbox", ["done", "received_at"])
    op.create_table(
        "sms_outbox",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("inbound", sa.String(64), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("conversation", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("safety", sa.Boolean, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("sealed", sa.Text, nullable=True),
        sa.Column("created_at", sa.Float, nullable=False),
        sa.Column("due_at", sa.Float, nullable=False),
        sa.Column("attempted_at", sa.Float, nullable=False),
        sa.Column("lease_until", sa.Float, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("lookups", sa.Integer, nullable=False),
        sa.Column("carrier_sid", sa.String(64), nullable=True),
        sa.Column("carrier_status", sa.String(16), nullable=True),
        sa.Column("error", sa.String(32), nullable=True),
        sa.UniqueConstraint("inbound", "position", name="uq_sms_outbox_inbound"),
    )
    op.create_index("ix_sms_outbox_state", "sms_outbox", ["state", "due_at"])
    op.create_index("ix_sms_outbox_conversation", "sms_outbox", ["conversation", "state"])
    op.create_table(
        "sms_counters",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("value", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("sms_counters", "sms_outbox", "sms_inbox", "sms_families"):
        op.drop_table(table)
