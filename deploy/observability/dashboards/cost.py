"""What films cost: CPU time, and money for a price of it."""

from .panels import Dashboard, Kind, Panel, Query, Row, Variable

_CPU = "sum(increase(neuroshorts_render_cpu_seconds_total[{}]))"
_FILM = "sum(increase(neuroshorts_film_seconds_total[{}]))"
_FILMS = 'sum(increase(neuroshorts_jobs_ended_total{{state="done"}}[{}]))'
_BYTES = "sum(increase(neuroshorts_film_bytes_total[{}]))"
_PRICE = "$cpu_hour_price / 3600"
_MONEY = "In the currency of the price above; CPU time of rendering alone, no idle machine and no storage."
#: Long enough for the films of a quiet service to even out.
_SPAN = "1h"

_SHOWN = Row(
    "In the time that is shown",
    (
        Panel(
            "Films",
            "Films that were finished.",
            (Query(_FILMS.format("$__range")),),
            kind=Kind.NUMBER,
            decimals=0,
        ),
        Panel(
            "Length of all films",
            "How long all of them play.",
            (Query(_FILM.format("$__range")),),
            "s",
            Kind.NUMBER,
        ),
        Panel(
            "CPU time",
            "CPU time of all processes that rendered them; attempts that were lost are not counted.",
            (Query(_CPU.format("$__range")),),
            "s",
            Kind.NUMBER,
        ),
        Panel(
            "CPU seconds for a minute of film",
            "The one figure to compare machines and versions by; films out of the cache make it smaller.",
            (Query(f"60 * {_CPU.format('$__range')} / {_FILM.format('$__range')}"),),
            "s",
            Kind.NUMBER,
            decimals=1,
        ),
        Panel(
            "Price of a film",
            f"On average. {_MONEY}",
            (Query(f"{_PRICE} * {_CPU.format('$__range')} / {_FILMS.format('$__range')}"),),
            "none",
            Kind.NUMBER,
            decimals=5,
        ),
        Panel(
            "Price of all films",
            _MONEY,
            (Query(f"{_PRICE} * {_CPU.format('$__range')}"),),
            "none",
            Kind.NUMBER,
            decimals=4,
        ),
    ),
    height=4,
)

_OVER_TIME = Row(
    "Over time",
    (
        Panel(
            "CPU seconds for a minute of film",
            "Over the hour before. A step after an upgrade is a change of the renderer.",
            (Query(f"60 * {_CPU.format(_SPAN)} / {_FILM.format(_SPAN)}", "CPU seconds"),),
            "s",
        ),
        Panel(
            "Price of a film",
            f"On average over the hour before. {_MONEY}",
            (Query(f"{_PRICE} * {_CPU.format(_SPAN)} / {_FILMS.format(_SPAN)}", "a film"),),
            "none",
            decimals=5,
        ),
        Panel(
            "Price of a minute of film",
            f"On average over the hour before. {_MONEY}",
            (Query(f"60 * {_PRICE} * {_CPU.format(_SPAN)} / {_FILM.format(_SPAN)}", "a minute"),),
            "none",
            decimals=5,
        ),
    ),
)

_WHY = Row(
    "What makes it so",
    (
        Panel(
            "Length of a film",
            "On average over the hour before: longer films cost more each.",
            (Query(f"{_FILM.format(_SPAN)} / {_FILMS.format(_SPAN)}", "length"),),
            "s",
        ),
        Panel(
            "Size of a second of film",
            "On average over the hour before: what storage and transfer are paid by.",
            (Query(f"{_BYTES.format(_SPAN)} / {_FILM.format(_SPAN)}", "a second"),),
            "bytes",
        ),
        Panel(
            "Segments out of the cache",
            "Share over the hour before: what comes from there costs nearly nothing.",
            (
                Query(
                    'sum(increase(neuroshorts_segments_total{source="cache"}[1h]))'
                    " / sum(increase(neuroshorts_segments_total[1h]))",
                    "hits",
                ),
            ),
            "percentunit",
            most=1,
        ),
        Panel(
            "Slots that do nothing",
            "Share over the hour before. They are paid for as well: scale down, or take more in.",
            (
                Query(
                    "1 - avg_over_time(neuroshorts:worker_slots_busy:sum[1h])"
                    " / avg_over_time(neuroshorts:worker_slots:sum[1h])",
                    "idle",
                ),
            ),
            "percentunit",
            most=1,
        ),
    ),
)

COST = Dashboard(
    "neuroshorts-cost",
    "NeuroShorts: cost",
    "What films cost: CPU time, and money for a price of it.",
    (_SHOWN, _OVER_TIME, _WHY),
    (
        Variable(
            "cpu_hour_price",
            "Price of a CPU hour",
            "What one core costs for an hour, in any currency.",
            value="0.04",
        ),
    ),
    since="now-24h",
)
