"""Tables of the SMS channel. Numbers and texts stand in them sealed, never in clear."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.database import METADATA

FAMILIES = sa.Table(
    "sms_families",
    METADATA,
    sa.Column("conversation", sa.String(64), primary_key=True),
    sa.Column("lang", sa.String(8), nullable=False),
    sa.Column("opted_out", sa.Boolean, nullable=False),
    sa.Column("greeted", sa.Boolean, nullable=False),
    sa.Column("more", sa.Text, nullable=True),
    sa.Column("noticed_at", sa.Float, nullable=False),
    sa.Column("seen_at", sa.Float, nullable=False),
)

INBOX = sa.Table(
    "sms_inbox",
    METADATA,
    sa.Column("sid", sa.String(64), primary_key=True),
    sa.Column("conversation", sa.String(64), nullable=False),
    sa.Column("received_at", sa.Float, nullable=False, index=True),
    sa.Column("sealed", sa.Text, nullable=True),
    sa.Column("answer", sa.Text, nullable=True),
    sa.Column("done", sa.Boolean, nullable=False),
    sa.Column("helped", sa.Boolean, nullable=False),
    sa.Column("lease_until", sa.Float, nullable=False),
    sa.Index("ix_sms_inbox_conversation", "conversation", "received_at"),
    sa.Index("ix_sms_inbox_done", "done", "received_at"),
)

OUTBOX = sa.Table(
    "sms_outbox",
    METADATA,
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
    sa.Index("ix_sms_outbox_state", "state", "due_at"),
    sa.Index("ix_sms_outbox_conversation", "conversation", "state"),
)

COUNTERS = sa.Table(
    "sms_counters",
    METADATA,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("value", sa.Integer, nullable=False),
)
