"""The least that a durable endpoint does: FastAPI, the body as JSON, one row, committed.

`uvicorn benchmarks.load.bare:app`, on the database that `DATABASE_URL` names.
"""

import os
import uuid
from typing import Any

import sqlalchemy as sa
from fastapi import FastAPI

_URL = os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://", 1)
_ENGINE = sa.create_engine(_URL, pool_size=12, max_overflow=0)
_TABLE = sa.Table(
    "bare", sa.MetaData(), sa.Column("id", sa.String(32), primary_key=True), sa.Column("body", sa.JSON)
)
_TABLE.metadata.create_all(_ENGINE)
_ADD = _TABLE.insert()

app = FastAPI()


@app.get("/readyz")
def readyz() -> dict[str, str]:
    """Answer."""
    return {"status": "ready"}


@app.post("/render", status_code=202)
def render(body: dict[str, Any]) -> dict[str, str]:
    """Keep the body."""
    id = uuid.uuid4().hex
    with _ENGINE.begin() as connection:
        connection.execute(_ADD, {"id": id, "body": body})
    return {"id": id}
