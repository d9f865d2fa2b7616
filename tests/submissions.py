"""Jobs handed in as a service does that has no keys."""

from src.models.job import parse_job
from src.store.jobs.submission import Submission, submission_of


def nobodys(body: bytes) -> Submission:
    """Make a job ready to be handed in, of no owner."""
    return submission_of(body, parse_job(body), "")
