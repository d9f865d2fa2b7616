"""The tables, as they are since the last migration.

Times are whole milliseconds since 1970 UTC: both databases order, compare and store them the same way.
"""

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

job = sa.Table(
    "job",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True, comment="Our name of the job."),
    sa.Column("owner", sa.String(64), nullable=False, comment="Who may see it; empty without keys."),
    sa.Column("job_id", sa.String(200), nullable=False, comment="The caller's name of it."),
    sa.Column("idempotency_key", sa.String(255), comment="A second submission under it is the same job."),
    sa.Column("body_sha256", sa.String(64), nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False, comment="The job as it was sent."),
    sa.Column("metadata", sa.JSON, nullable=False),
    sa.Column("priority", sa.Integer, nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("stage", sa.String(32), nullable=False),
    sa.Column("progress", sa.Float, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("losses", sa.Integer, nullable=False, default=0, comment="Attempts whose process was lost."),
    sa.Column("created_ms", sa.BigInteger, nullable=False),
    sa.Column("started_ms", sa.BigInteger),
    sa.Column("finished_ms", sa.BigInteger),
    sa.Column("error", sa.JSON(none_as_null=True)),
    sa.Column("result", sa.JSON(none_as_null=True)),
    sa.Column("claim", sa.String(32), comment="Token of the attempt that is working on it."),
    sa.Column("worker", sa.String(128), comment="Who works on it."),
    sa.Column("lease_ms", sa.BigInteger, comment="When its worker counts as gone."),
    sa.Column("is_unwanted", sa.Boolean, nullable=False, comment="Somebody asked for it to be cancelled."),
    sa.Column("due_ms", sa.BigInteger, nullable=False, default=0, comment="Not taken up before."),
    sa.Column(
        "retries", sa.Integer, nullable=False, default=0, comment="Failures after which it was queued."
    ),
    sa.Column("claimed_ms", sa.BigInteger, comment="When its present attempt began."),
    sa.Column("worked_ms", sa.BigInteger, nullable=False, default=0, comment="Time of all its attempts."),
    sa.Column("traceparent", sa.String(55), nullable=False, default="", comment="W3C trace context."),
    sa.Column("base_url", sa.String(2048), nullable=False, default="", comment="What its links begin with."),
    sa.Column("callbacks", sa.JSON(none_as_null=True), comment="Who is told, see models.callbacks."),
    sa.UniqueConstraint("owner", "idempotency_key"),
    # In the order in which jobs are claimed: without it each claim sorts all that wait.
    sa.Index("ix_job_queue", "status", sa.desc("priority"), "created_ms", "id"),
    sa.Index("ix_job_owner_created_ms", "owner", "created_ms"),
    sa.Index("ix_job_owner_status", "owner", "status"),
    sa.Index("ix_job_owner_job_id", "owner", "job_id"),
    sa.Index("ix_job_created_ms", "created_ms", "id"),
    sa.Index("ix_job_lease_ms", "lease_ms"),
)

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("job_id", sa.String(32), nullable=False, comment="Job that wants a turn at a worker."),
    sa.Column("priority", sa.Integer, nullable=False),
    sa.Column("traceparent", sa.String(55), nullable=False),
    sa.Column("due_ms", sa.BigInteger, nullable=False, comment="Not published before."),
    sa.Column("lease_ms", sa.BigInteger, nullable=False, default=0, comment="Being published until then."),
    sa.Index("ix_outbox_due_ms", "due_ms"),
    sa.Index("ix_outbox_job_id", "job_id"),
)

webhook = sa.Table(
    "webhook",
    metadata,
    sa.Column(
        "id", sa.String(32), primary_key=True, comment="Told to the receiver, the same in every attempt."
    ),
    sa.Column("job_id", sa.String(32), sa.ForeignKey("job.id", ondelete="CASCADE"), nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("headers", sa.JSON, nullable=False),
    sa.Column("state", sa.String(16), nullable=False, comment="waiting, delivered or given_up."),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("answers", sa.JSON, nullable=False, comment="What came of the latest attempts."),
    sa.Column("created_ms", sa.BigInteger, nullable=False),
    sa.Column("due_ms", sa.BigInteger, nullable=False, comment="When it is sent next."),
    sa.Column("lease_ms", sa.BigInteger, nullable=False, default=0, comment="Being sent until then."),
    sa.Column("ended_ms", sa.BigInteger),
    sa.Index("ix_webhook_state_due_ms", "state", "due_ms", "id"),
    sa.Index("ix_webhook_job_id", "job_id"),
)

preview = sa.Table(
    "preview",
    metadata,
    sa.Column("job_id", sa.String(32), sa.ForeignKey("job.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("jpeg", sa.LargeBinary, nullable=False, comment="The latest frame that a worker showed."),
    sa.Column("shown_ms", sa.BigInteger, nullable=False),
)

api_key = sa.Table(
    "api_key",
    metadata,
    sa.Column("id", sa.String(16), primary_key=True, comment="Public part of the key."),
    sa.Column("name", sa.String(100), nullable=False),
    sa.Column("owner", sa.String(64), nullable=False, comment="Whose jobs it hands in and sees."),
    sa.Column("scopes", sa.JSON, nullable=False),
    sa.Column("secret_sha256", sa.String(64), nullable=False),
    sa.Column("created_ms", sa.BigInteger, nullable=False),
    sa.Column("revoked_ms", sa.BigInteger),
    sa.Column("requests_a_minute", sa.Integer, comment="Own limit; without it, the operator's."),
    sa.Column("queued_jobs", sa.Integer, comment="Own limit; without it, the operator's."),
    sa.Column("render_seconds_a_day", sa.Integer, comment="Own limit; without it, the operator's."),
)
