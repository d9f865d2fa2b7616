"""Jobs."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the table of jobs."""
    op.create_table(
        "job",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("job_id", sa.String(200), nullable=False),
        sa.Column("idempotency_key", sa.String(255)),
        sa.Column("body_sha256", sa.String(64), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("metadata", sa.JSON, nullable=False),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("stage", sa.String(32), nullable=False),
        sa.Column("progress", sa.Float, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("losses", sa.Integer, nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.Column("started_ms", sa.BigInteger),
        sa.Column("finished_ms", sa.BigInteger),
        sa.Column("error", sa.JSON),
        sa.Column("result", sa.JSON),
        sa.Column("claim", sa.String(32)),
        sa.Column("worker", sa.String(128)),
        sa.Column("lease_ms", sa.BigInteger),
        sa.Column("is_unwanted", sa.Boolean, nullable=False),
        sa.UniqueConstraint("owner", "idempotency_key", name="uq_job_owner_idempotency_key"),
    )
    op.create_index("ix_job_queue", "job", ["status", "priority", "created_ms"])
    op.create_index("ix_job_owner_created_ms", "job", ["owner", "created_ms"])


def downgrade() -> None:
    """Remove the table of jobs."""
    op.drop_table("job")
