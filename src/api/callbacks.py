"""Webhooks of a job: how telling its caller went, and telling again."""

from fastapi import APIRouter
from pydantic import BaseModel

from ..models.status import TERMINAL
from ..models.webhooks import WebhookReport
from .access import Owner, Reader
from .problems import Refusal, documented
from .service import JobId, Serving

router = APIRouter(tags=["jobs"])


class WebhookList(BaseModel):
    """Tellings of one job, the newest first."""

    webhooks: list[WebhookReport]


@router.get("/jobs/{id}/callbacks", summary="Tell how its webhook was called", responses=documented(404))
def list_callbacks(service: Serving, owner: Reader, id: JobId) -> WebhookList:
    """List what was answered to each call, and when the next one is due; an ended job is told of once."""
    service.desk.status(id, owner)
    return WebhookList(webhooks=list(service.webhooks.of_job(id)))


@router.post(
    "/jobs/{id}/callback",
    status_code=202,
    summary="Call its webhook again",
    response_description="It will be called within seconds",
    responses=documented(404, 409),
)
def call_again(service: Serving, owner: Owner, id: JobId) -> WebhookReport:
    """Tell of an ended job again, under a new delivery; one that waits for its next call is called now."""
    state = service.desk.status(id, owner).status
    if state not in TERMINAL:
        raise Refusal(409, "not_ended", f"the job is {state.value}: its webhook is called when it has ended")
    report = service.webhooks.order_again(id)
    if report is None:
        raise Refusal(409, "no_webhook", "the job names no webhook_url: nobody is told")
    return report
