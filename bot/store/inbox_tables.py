"""Tables of kept texts and of incidents. Every text in them is masked before it is written."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.database import METADATA

KEPT = sa.Table(
    "kept_texts",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("kept_at", sa.Float, nullable=False, index=True),
    sa.Column("origin", sa.String(64), nullable=True, index=True),
    sa.Column("reason", sa.String(16), nullable=False),
    sa.Column("channel", sa.String(8), nullable=False),
    sa.Column("lang", sa.String(8), nullable=False),
    sa.Column("topic", sa.String(64), nullable=True),
    sa.Column("urgency", sa.String(16), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("vector", sa.Text, nullable=True),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("right_topic", sa.String(64), nullable=True),
    sa.Column("settled_by", sa.String(254), nullable=True),
    sa.Column("settled_at", sa.Float, nullable=True),
    sa.Index("ix_kept_texts_state", "state", "reason"),
)

INCIDENTS = sa.Table(
    "incidents",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("kept_text", sa.Integer, nullable=False),
    sa.Column("text", sa.Text, nullable=True),
    sa.Column("channel", sa.String(8), nullable=False),
    sa.Column("lang", sa.String(8), nullable=False),
    sa.Column("said", sa.String(16), nullable=False),
    sa.Column("expected", sa.String(16), nullable=False),
    sa.Column("opened_at", sa.Float, nullable=False),
    sa.Column("opened_by", sa.String(254), nullable=False),
    sa.Column("closed_at", sa.Float, nullable=True),
    sa.Column("closed_by", sa.String(254), nullable=True),
    sa.Column("closing", sa.String(32), nullable=True),
    sa.UniqueConstraint("kept_text", name="uq_incidents_kept_text"),
)

NOTES = sa.Table(
    "incident_notes",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("incident", sa.Integer, nullable=False, index=True),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("author", sa.String(254), nullable=False),
    sa.Column("note", sa.Text, nullable=False),
)
