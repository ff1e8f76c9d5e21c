"""Versions of what families are told, their signatures, and what is live."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables; in the beginning all is as data/ has it, and answers are given."""
    op.create_table(
        "content_versions",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("base", sa.Integer),
        sa.Column("page", sa.Integer),
        sa.Column("needs", sa.String(32), nullable=False),
        sa.Column("withdraws", sa.Boolean, nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("changed_at", sa.Float, nullable=False),
        sa.Column("published_at", sa.Float),
        sa.Column("previous", sa.Integer),
        sqlite_autoincrement=True,
    )
    op.create_index("content_versions_by_key", "content_versions", ["kind", "key"])
    op.create_table(
        "content_authors",
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("staff_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(200), nullable=False),
    )
    op.create_table(
        "content_approvals",
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("form", sa.String(8), primary_key=True),
        sa.Column("staff_id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("signed_on", sa.Date, nullable=False),
        sa.Column("expires", sa.Date, nullable=False),
        sa.Column("translator", sa.String(200)),
    )
    op.create_table(
        "content_live",
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
    )
    state = op.create_table(
        "content_state",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("answers_on", sa.Boolean, nullable=False),
    )
    op.bulk_insert(state, [{"id": 1, "revision": 0, "answers_on": True}])
    op.create_table(
        "content_replays",
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("changes", sa.Text, nullable=False),
        sa.Column("seen_at", sa.Float, nullable=False),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("versions", "authors", "approvals", "live", "state", "replays"):
        op.drop_table(f"content_{table}")
