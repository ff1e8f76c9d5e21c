"""Figures, votes of the last day, kept texts and incidents."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "figures",
        sa.Column("day", sa.String(10), primary_key=True),
        sa.Column("channel", sa.String(8), primary_key=True),
        sa.Column("lang", sa.String(8), primary_key=True),
        sa.Column("measure", sa.String(16), primary_key=True),
        sa.Column("value", sa.String(64), primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
    )
    op.create_table(
        "feedback_votes",
        sa.Column("voter", sa.String(64), primary_key=True),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("topic", sa.String(64), nullable=False),
        sa.Column("lang", sa.String(8), nullable=False),
        sa.Column("helpful", sa.Boolean, nullable=True),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )
    op.create_index("ix_feedback_votes_at", "feedback_votes", ["at"])
    op.create_table(
        "kept_texts",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("kept_at", sa.Float, nullable=False),
        sa.Column("origin", sa.String(64), nullable=True),
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
    )
    op.create_index("ix_kept_texts_kept_at", "kept_texts", ["kept_at"])
    op.create_index("ix_kept_texts_origin", "kept_texts", ["origin"])
    op.create_index("ix_kept_texts_state", "kept_texts", ["state", "reason"])
    op.create_table(
        "incidents",
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
    op.create_table(
        "incident_notes",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("incident", sa.Integer, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("author", sa.String(254), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
    )
    op.create_index("ix_incident_notes_incident", "incident_notes", ["incident"])


def downgrade() -> None:
    """Drop them."""
    for name in ("incident_notes", "incidents", "kept_texts", "feedback_votes", "figures"):
        op.drop_table(name)
