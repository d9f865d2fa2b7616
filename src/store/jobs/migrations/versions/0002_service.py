"""What the service needs beside jobs: the outbox of the broker, webhooks, previews and keys."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the columns and tables."""
    for column in _job_columns():
        op.add_column("job", column)
    _create_outbox()
    _create_webhook()
    op.create_table(
        "preview",
        sa.Column("job_id", sa.String(32), sa.ForeignKey("job.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("jpeg", sa.LargeBinary, nullable=False),
        sa.Column("shown_ms", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "api_key",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("scopes", sa.JSON, nullable=False),
        sa.Column("secret_sha256", sa.String(64), nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.Column("revoked_ms", sa.BigInteger),
        sa.Column("requests_a_minute", sa.Integer),
        sa.Column("queued_jobs", sa.Integer),
        sa.Column("render_seconds_a_day", sa.Integer),
    )


def downgrade() -> None:
    """Remove the tables and columns."""
    for table in ("api_key", "preview", "webhook", "outbox"):
        op.drop_table(table)
    with op.batch_alter_table("job") as job:
        for column in _job_columns():
            job.drop_column(column.name)


def _job_columns() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("due_ms", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("retries", sa.Integer, nullable=False, server_default="0"),
        sa.Column("claimed_ms", sa.BigInteger),
        sa.Column("worked_ms", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("traceparent", sa.String(55), nullable=False, server_default=""),
        sa.Column("base_url", sa.String(2048), nullable=False, server_default=""),
        sa.Column("callbacks", sa.JSON),
    )


def _create_outbox() -> None:
    number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "outbox",
        sa.Column("id", number, primary_key=True, autoincrement=True),
        sa.Column("job_id", sa.String(32), nullable=False),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("traceparent", sa.String(55), nullable=False),
        sa.Column("due_ms", sa.BigInteger, nullable=False),
        sa.Column("lease_ms", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_outbox_due_ms", "outbox", ["due_ms"])
    op.create_index("ix_outbox_job_id", "outbox", ["job_id"])


def _create_webhook() -> None:
    op.create_table(
        "webhook",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("job_id", sa.String(32), sa.ForeignKey("job.id", ondelete="CASCADE"), nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("headers", sa.JSON, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("answers", sa.JSON, nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.Column("due_ms", sa.BigInteger, nullable=False),
        sa.Column("lease_ms", sa.BigInteger, nullable=False),
        sa.Column("ended_ms", sa.BigInteger),
    )
    op.create_index("ix_webhook_state_due_ms", "webhook", ["state", "due_ms"])
    op.create_index("ix_webhook_job_id", "webhook", ["job_id"])
