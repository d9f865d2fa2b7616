"""Who renders, and what that takes of the machines."""

from .panels import Dashboard, Kind, Panel, Query, Row, Step, Variable, falling, rising

_HERE = 'instance=~"$instance"'
#: Shares of a disk at which the alerts warn and wake somebody.
_DISK = falling(0.05, 0.15)
#: One at least.
_NEEDED = (Step("red"), Step("green", 1))

_NOW = Row(
    "Now",
    (
        Panel(
            "Processes that render",
            "Processes with at least one slot.",
            (Query("count(neuroshorts_worker_slots > 0) or vector(0)"),),
            kind=Kind.NUMBER,
            steps=_NEEDED,
        ),
        Panel(
            "Slots",
            "Jobs that can be rendered at the same time, by all of them together.",
            (Query("neuroshorts:worker_slots:sum"),),
            kind=Kind.NUMBER,
            steps=_NEEDED,
        ),
        Panel(
            "Busy slots",
            "Slots that have a job in their hands, uploads included.",
            (Query("neuroshorts:worker_slots_busy:sum"),),
            kind=Kind.NUMBER,
        ),
        Panel(
            "Jobs that wait, for each slot",
            "How hot the queue is: above 1 somebody waits for a second turn, above 10 add workers.",
            (Query("max(neuroshorts_queue_depth) / sum(neuroshorts_worker_slots)"),),
            kind=Kind.NUMBER,
            steps=rising(1, 10),
            decimals=1,
        ),
        Panel(
            "Processes that do not answer",
            "Those that Prometheus knows and cannot reach, of every kind.",
            (Query("count(up == 0) or vector(0)"),),
            kind=Kind.NUMBER,
            steps=rising(1, 2),
        ),
        Panel(
            "Least disk",
            "What is left on the fullest disk of a data or cache folder.",
            (Query("min(neuroshorts:disk_free:ratio)"),),
            "percentunit",
            Kind.NUMBER,
            _DISK,
            decimals=0,
        ),
    ),
    height=4,
)

_SLOTS = Row(
    "Slots",
    (
        Panel(
            "Busy slots by worker",
            "Uneven for long means that a worker does not get turns: look whether the broker knows it.",
            (
                Query(
                    f"neuroshorts_worker_slots_busy{{{_HERE}}} and neuroshorts_worker_slots > 0",
                    "{{instance}}",
                ),
            ),
            is_stacked=True,
        ),
        Panel(
            "Slots, all and busy",
            "The gap is what could be rendered beside what is rendered.",
            (
                Query("neuroshorts:worker_slots:sum", "all"),
                Query("neuroshorts:worker_slots_busy:sum", "busy"),
            ),
            colors={"all": "gray", "busy": "blue"},
        ),
        Panel(
            "Jobs that ended, by worker",
            "A minute, whatever their end.",
            (
                Query(
                    "60 * sum by (instance)"
                    f" (rate(neuroshorts_jobs_ended_total{{{_HERE}}}[$__rate_interval]))",
                    "{{instance}}",
                ),
            ),
            is_stacked=True,
        ),
    ),
)

_TEMPERATURE = Row(
    "Temperature of the queues",
    (
        Panel(
            "The queue grows, jobs a minute",
            "How many jobs more come in than are taken up, over 15 minutes; 0 while the queue shrinks.",
            (Query("clamp_min(60 * max(deriv(neuroshorts_queue_depth[15m])), 0)", "growth"),),
            steps=rising(1, 10),
            decimals=1,
        ),
        Panel(
            "Messages by queue",
            "Ready ones, now. Red in neuroshorts.jobs: nobody takes jobs in. Empty without a broker.",
            (Query("sum by (queue) (rabbitmq_queue_messages_ready)", "{{queue}}"),),
            kind=Kind.BARS,
            steps=rising(10, 100),
        ),
        Panel(
            "Consumers by queue",
            "Connections that take messages: neuroshorts.jobs and neuroshorts.work each need one at least.",
            (Query("sum by (queue) (rabbitmq_queue_consumers)", "{{queue}}"),),
        ),
    ),
)

_MEMORY = Row(
    "Memory",
    (
        Panel(
            "Peak memory of renders",
            "Of a render with all its processes; the worker itself is beside it. Size a machine by the p99.",
            tuple(
                Query(
                    f"histogram_quantile({share}, sum by (le)"
                    f" (rate(neuroshorts_render_memory_bytes_bucket{{{_HERE}}}[$__rate_interval])))",
                    f"p{share * 100:.0f}",
                )
                for share in (0.5, 0.99)
            ),
            "bytes",
        ),
        Panel(
            "Renders by peak memory",
            "How many renders took how much.",
            (
                Query(
                    "sum by (le)"
                    f" (increase(neuroshorts_render_memory_bytes_bucket{{{_HERE}}}[$__rate_interval]))",
                    "{{le}}",
                ),
            ),
            "bytes",
            Kind.HEAT,
        ),
        Panel(
            "Memory of the processes themselves",
            "Of service and workers without what they render. A line that only rises is a leak.",
            (Query(f'process_resident_memory_bytes{{job=~"api|worker", {_HERE}}}', "{{job}} {{instance}}"),),
            "bytes",
        ),
    ),
)

_CPU = Row(
    "CPU",
    (
        Panel(
            "Cores at work on films",
            "CPU seconds a second of finished films, over 15 minutes: counted when a film is done.",
            (
                Query(
                    f"sum by (instance) (rate(neuroshorts_render_cpu_seconds_total{{{_HERE}}}[15m]))",
                    "{{instance}}",
                ),
            ),
            is_stacked=True,
            decimals=2,
        ),
        Panel(
            "Cores of the processes themselves",
            "CPU seconds a second of service and workers without what they render.",
            (
                Query(
                    f'rate(process_cpu_seconds_total{{job=~"api|worker", {_HERE}}}[$__rate_interval])',
                    "{{job}} {{instance}}",
                ),
            ),
            decimals=2,
        ),
        Panel(
            "CPU seconds for a second of film",
            "What a film costs on each machine: one that stands out is slower, or shares its cores.",
            (
                Query(
                    f"sum by (instance) (rate(neuroshorts_render_cpu_seconds_total{{{_HERE}}}[15m]))"
                    f" / sum by (instance) (rate(neuroshorts_film_seconds_total{{{_HERE}}}[15m]))",
                    "{{instance}}",
                ),
            ),
            decimals=2,
        ),
    ),
)

_DISKS = Row(
    "Disks and broker",
    (
        Panel(
            "Disk that is left",
            "Share of the disk of each folder; the lines are where an alert warns and calls.",
            (Query(f"neuroshorts:disk_free:ratio{{{_HERE}}}", "{{folder}} {{instance}}"),),
            "percentunit",
            steps=_DISK,
            most=1,
        ),
        Panel(
            "Bytes that are left",
            "On the disk of each folder.",
            (Query(f"neuroshorts_disk_free_bytes{{{_HERE}}}", "{{folder}} {{instance}}"),),
            "bytes",
        ),
        Panel(
            "Broker: memory and disk",
            "At either limit the broker takes no messages. Empty without one.",
            (
                Query("rabbitmq_process_resident_memory_bytes", "memory"),
                Query("rabbitmq_resident_memory_limit_bytes", "limit of memory"),
                Query("rabbitmq_disk_space_available_bytes", "disk left"),
                Query("rabbitmq_disk_space_available_limit_bytes", "least disk"),
            ),
            "bytes",
        ),
    ),
)

WORKERS = Dashboard(
    "neuroshorts-workers",
    "NeuroShorts: workers",
    "Who renders, and what that takes of the machines.",
    (_NOW, _SLOTS, _TEMPERATURE, _MEMORY, _CPU, _DISKS),
    (
        Variable(
            "instance",
            "Process",
            "Processes of service and workers, by their address.",
            "label_values(neuroshorts_worker_slots, instance)",
        ),
    ),
)
