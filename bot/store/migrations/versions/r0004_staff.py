"""Staff accounts, their sessions, failed sign-ins, and the audit log that nobody can change."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

REFUSED = "the audit log is append-only"


def upgrade() -> None:
    """Create the tables, and the triggers that refuse a change of the log."""
    op.create_table(
        "staff_accounts",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("password_hash", sa.Text, nullable=True),
        sa.Column("subject", sa.String(512), nullable=True),
        sa.Column("created_at", sa.Float, nullable=False),
        sa.UniqueConstraint("email", name="uq_staff_accounts_email"),
        sa.UniqueConstraint("subject", name="uq_staff_accounts_subject"),
    )
    op.create_table(
        "staff_sessions",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column("account", sa.Integer, sa.ForeignKey("staff_accounts.id"), nullable=False),
        sa.Column("started_at", sa.Float, nullable=False),
        sa.Column("seen_at", sa.Float, nullable=False),
    )
    op.create_index("ix_staff_sessions_account", "staff_sessions", ["account"])
    op.create_table(
        "staff_attempts",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("last_at", sa.Float, nullable=False),
    )
    op.create_table(
        "staff_audit",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("actor", sa.String(254), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION staff_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN RAISE EXCEPTION '{REFUSED}'; END $$"
        )
        op.execute(
            "CREATE TRIGGER staff_audit_row BEFORE UPDATE OR DELETE ON staff_audit"
            " FOR EACH ROW EXECUTE FUNCTION staff_audit_refuse()"
        )
        op.execute(
            "CREATE TRIGGER staff_audit_all BEFORE TRUNCATE ON staff_audit"
            " FOR EACH STATEMENT EXECUTE FUNCTION staff_audit_refuse()"
        )
        return
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
    op.execute(f"CREATE TRIGGER staff_audit_update BEFORE UPDATE ON staff_audit {refuse}")
    op.execute(f"CREATE TRIGGER staff_audit_delete BEFORE DELETE ON staff_audit {refuse}")
    # SQLite's INSERT OR REPLACE deletes a row without asking the trigger on DELETE.
    there = "EXISTS (SELECT 1 FROM staff_audit WHERE id = NEW.id)"
    op.execute(
        f"CREATE TRIGGER staff_audit_replace BEFORE INSERT ON staff_audit WHEN {there} {refuse}"
    )


def downgrade() -> None:
    """Drop them; the triggers go with their table."""
    for table in ("staff_audit", "staff_attempts", "staff_sessions", "staff_accounts"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION staff_audit_refuse()")
