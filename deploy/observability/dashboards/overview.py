"""How the service is: what waits, what is made, what goes wrong."""

from .panels import Dashboard, Kind, Panel, Query, Row, falling, rising

_STATES = {
    "queued": "yellow",
    "fetching": "light-blue",
    "rendering": "blue",
    "uploading": "purple",
    "done": "green",
    "failed": "red",
    "cancelled": "gray",
}
_OUTCOMES = {"delivered": "green", "again": "orange", "given_up": "red"}
#: Seconds after which the alerts warn and wake somebody.
_AGES = rising(600, 3600)
#: A film that takes as long as it plays is slow.
_FACTORS = rising(0.75, 1)


def _quantile(share: float, name: str, *labels: str) -> Query:
    by = ", ".join(("le", *labels))
    legend = " ".join((*(f"{{{{{label}}}}}" for label in labels), f"p{share * 100:.0f}"))
    return Query(
        f"histogram_quantile({share}, sum by ({by}) (rate({name}_bucket[$__rate_interval])))", legend
    )


_NOW = Row(
    "Now",
    (
        Panel(
            "Jobs that wait",
            "Jobs that were taken in and that nobody has begun. See the queue below for how that changes.",
            (Query("max(neuroshorts_queue_depth)"),),
            kind=Kind.NUMBER,
        ),
        Panel(
            "Oldest job that waits",
            "Age of the job that has waited the longest. Alerts come after 10 minutes and an hour.",
            (Query("max(neuroshorts_oldest_queued_job_age_seconds)"),),
            "s",
            Kind.NUMBER,
            _AGES,
        ),
        Panel(
            "Busy slots",
            "Share of all slots that have a job in their hands. At 100 % for long, add workers.",
            (Query("sum(neuroshorts_worker_slots_busy) / sum(neuroshorts_worker_slots)"),),
            "percentunit",
            Kind.NUMBER,
            decimals=0,
        ),
        Panel(
            "Films",
            "Films that were finished in the time that is shown.",
            (Query('sum(increase(neuroshorts_jobs_ended_total{state="done"}[$__range]))'),),
            kind=Kind.NUMBER,
            decimals=0,
        ),
        Panel(
            "Jobs that failed",
            "Share of the jobs of the last 30 minutes, cancelled ones left out. An alert warns above 20 %.",
            (Query("neuroshorts:jobs_failed:ratio30m"),),
            "percentunit",
            Kind.NUMBER,
            rising(0.05, 0.2),
            decimals=1,
        ),
        Panel(
            "Realtime factor",
            "Seconds of rendering for a second of film, median of the last hour. 1 is as fast as it plays.",
            (Query("neuroshorts:render_realtime_factor:p50_1h"),),
            kind=Kind.NUMBER,
            steps=_FACTORS,
            decimals=2,
        ),
        Panel(
            "Servers",
            "Share of the database and the broker that answer; below 100 % one of them is away.",
            (Query('avg(up{job="rabbitmq"} or min by (job) (neuroshorts_store_up))'),),
            "percentunit",
            Kind.NUMBER,
            falling(0.5, 1),
        ),
        Panel(
            "Alerts",
            "Alerts that fire now. docs/operations.md has a paragraph about each.",
            (Query('count(ALERTS{alertname=~"NeuroShorts.*", alertstate="firing"}) or vector(0)'),),
            kind=Kind.NUMBER,
            steps=rising(1, 2),
        ),
    ),
    height=4,
)

_QUEUE = Row(
    "Queue",
    (
        Panel(
            "Jobs by state",
            "Jobs that have not ended, by where they stand.",
            (
                Query(
                    'max by (state) (neuroshorts_jobs{state=~"queued|fetching|rendering|uploading"})',
                    "{{state}}",
                ),
            ),
            is_stacked=True,
            colors=_STATES,
        ),
        Panel(
            "Age of the oldest job that waits",
            "Rising in a straight line means that nobody takes jobs; a saw means that jobs wait in turn.",
            (Query("max(neuroshorts_oldest_queued_job_age_seconds)", "age"),),
            "s",
            steps=_AGES,
        ),
        Panel(
            "Messages in the broker",
            "Ready and unacknowledged ones. neuroshorts.work is how much work there is; anything in"
            " neuroshorts.dead wants to be looked at. Empty without a broker.",
            (
                Query(
                    "sum by (queue) (rabbitmq_queue_messages_ready + rabbitmq_queue_messages_unacked)",
                    "{{queue}}",
                ),
            ),
            colors={"neuroshorts.dead": "red"},
        ),
    ),
)

_THROUGHPUT = Row(
    "Throughput",
    (
        Panel(
            "Jobs that ended, a minute",
            "By how they ended.",
            (
                Query(
                    "60 * sum by (state) (rate(neuroshorts_jobs_ended_total[$__rate_interval]))", "{{state}}"
                ),
            ),
            is_stacked=True,
            colors=_STATES,
        ),
        Panel(
            "Film made, seconds a second",
            "Seconds of finished film for each second that goes by, by all workers together.",
            (Query("sum(rate(neuroshorts_film_seconds_total[$__rate_interval]))", "film"),),
        ),
        Panel(
            "Realtime factor",
            "Seconds of rendering for a second of film, by film. The line is where an alert warns.",
            (
                _quantile(0.5, "neuroshorts_render_realtime_factor"),
                _quantile(0.9, "neuroshorts_render_realtime_factor"),
            ),
            steps=_FACTORS,
            decimals=2,
        ),
        Panel(
            "Films by realtime factor",
            "How many films took how long: one dark band is even work, two are edits beside new films.",
            (
                Query(
                    "sum by (le) (increase(neuroshorts_render_realtime_factor_bucket[$__rate_interval]))",
                    "{{le}}",
                ),
            ),
            kind=Kind.HEAT,
        ),
    ),
)

_STAGES = Row(
    "Stages",
    (
        Panel(
            "Time of each stage, on average",
            "Wall seconds of a stage of the jobs that ended. Mixing goes on beside rendering.",
            (
                Query(
                    "sum by (stage) (rate(neuroshorts_stage_seconds_sum[$__rate_interval]))"
                    " / sum by (stage) (rate(neuroshorts_stage_seconds_count[$__rate_interval]))",
                    "{{stage}}",
                ),
            ),
            "s",
            is_stacked=True,
        ),
        Panel(
            "Slow tenth of each stage",
            "Nine of ten jobs were faster in this stage. Fetching that grows is a slow source of media.",
            (_quantile(0.9, "neuroshorts_stage_seconds", "stage"),),
            "s",
        ),
        Panel(
            "Segments out of the cache",
            "Share of the segments of finished films that an earlier render had made.",
            (
                Query(
                    'sum(rate(neuroshorts_segments_total{source="cache"}[$__rate_interval]))'
                    " / sum(rate(neuroshorts_segments_total[$__rate_interval]))",
                    "hits",
                ),
            ),
            "percentunit",
            most=1,
        ),
    ),
)

_FAILURES = Row(
    "Failures and uploads",
    (
        Panel(
            "Failures by code",
            "Jobs that failed within 30 minutes, by the code of their error, from the first one on.",
            (Query('neuroshorts:jobs_ended:increase30m{state="failed"}', "{{code}}"),),
            is_stacked=True,
            decimals=0,
        ),
        Panel(
            "Time of uploads",
            "Wall seconds of the stage in which films go to their destinations.",
            (
                Query(
                    "histogram_quantile(0.5, sum by (le)"
                    ' (rate(neuroshorts_stage_seconds_bucket{stage="uploading"}[$__rate_interval])))',
                    "p50",
                ),
                Query(
                    "histogram_quantile(0.9, sum by (le)"
                    ' (rate(neuroshorts_stage_seconds_bucket{stage="uploading"}[$__rate_interval])))',
                    "p90",
                ),
            ),
            "s",
        ),
        Panel(
            "Bytes in and out",
            "Media that were fetched for finished films, and the films themselves.",
            (
                Query("sum(rate(neuroshorts_fetch_bytes_total[$__rate_interval]))", "fetched"),
                Query("sum(rate(neuroshorts_film_bytes_total[$__rate_interval]))", "films"),
            ),
            "Bps",
        ),
    ),
)

_CALLERS = Row(
    "Callers",
    (
        Panel(
            "Webhooks, calls a minute",
            "By what came of each call: told, to be repeated, given up.",
            (
                Query(
                    "60 * sum by (outcome) (rate(neuroshorts_webhook_attempts_total[$__rate_interval]))",
                    "{{outcome}}",
                ),
            ),
            is_stacked=True,
            colors=_OUTCOMES,
        ),
        Panel(
            "Webhooks that wait",
            "Callers who have not been told yet, most of them because they did not answer.",
            (Query('max(neuroshorts_webhooks{state="waiting"})', "waiting"),),
        ),
        Panel(
            "Requests a second",
            "By the status of their answers, probes included; 500 to 599 are errors of the service.",
            (
                Query(
                    "sum by (status)"
                    " (rate(neuroshorts_http_request_duration_seconds_count[$__rate_interval]))",
                    "{{status}}",
                ),
            ),
            "reqps",
            is_stacked=True,
        ),
        Panel(
            "Time until an answer",
            "99 of 100 requests of a route were answered within this time.",
            (_quantile(0.99, "neuroshorts_http_request_duration_seconds", "route"),),
            "s",
        ),
    ),
)

OVERVIEW = Dashboard(
    "neuroshorts-overview",
    "NeuroShorts: overview",
    "How the service is: what waits, what is made, what goes wrong.",
    (_NOW, _QUEUE, _THROUGHPUT, _STAGES, _FAILURES, _CALLERS),
)
