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
    sa.UniqueConstraint("owner", "idempotency_key"),
    sa.Index("ix_job_queue", "status", "priority", "created_ms"),
    sa.Index("ix_job_owner_created_ms", "owner", "created_ms"),
)
