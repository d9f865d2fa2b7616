"""Indexes for long queues and a long history."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_NEW = {
    "ix_job_owner_status": ["owner", "status"],
    "ix_job_owner_job_id": ["owner", "job_id"],
    "ix_job_created_ms": ["created_ms", "id"],
    "ix_job_lease_ms": ["lease_ms"],
}


def upgrade() -> None:
    """Order the queue as jobs are claimed; find an owner's jobs, and claims that are over."""
    op.drop_index("ix_job_queue", "job")
    op.create_index("ix_job_queue", "job", ["status", sa.text("priority DESC"), "created_ms", "id"])
    for name, columns in _NEW.items():
        op.create_index(name, "job", columns)
    op.drop_index("ix_webhook_state_due_ms", "webhook")
    op.create_index("ix_webhook_state_due_ms", "webhook", ["state", "due_ms", "id"])


def downgrade() -> None:
    """Go back to the indexes that were."""
    op.drop_index("ix_webhook_state_due_ms", "webhook")
    op.create_index("ix_webhook_state_due_ms", "webhook", ["state", "due_ms"])
    for name in _NEW:
        op.drop_index(name, "job")
    op.drop_index("ix_job_queue", "job")
    op.create_index("ix_job_queue", "job", ["status", "priority", "created_ms"])
