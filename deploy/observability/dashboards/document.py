"""A dashboard as Grafana reads it.

Source: Grafana, "Dashboard JSON model"; the version is that of Grafana 12.
"""

from collections.abc import Iterator
from typing import Any

from .panels import Dashboard, Kind, Panel, Query, Row, Step, Variable

Json = dict[str, Any]

SCHEMA_VERSION = 42
#: The data source is a variable, so that each dashboard works with any Prometheus.
DATASOURCE: Json = {"type": "prometheus", "uid": "${datasource}"}
TAG = "neuroshorts"
_COLUMNS = 24


def document(dashboard: Dashboard) -> Json:
    """Write a dashboard."""
    return {
        "uid": dashboard.uid,
        "title": dashboard.title,
        "description": dashboard.description,
        "tags": [TAG],
        "schemaVersion": SCHEMA_VERSION,
        "editable": True,
        "graphTooltip": 1,
        "refresh": "30s",
        "time": {"from": dashboard.since, "to": "now"},
        "timezone": "browser",
        "annotations": {"list": [_alerts()]},
        "links": [_others()],
        "templating": {"list": [_datasources(), *map(_variable, dashboard.variables)]},
        "panels": list(_panels(dashboard.rows)),
    }


def _panels(rows: tuple[Row, ...]) -> Iterator[Json]:
    """Lay the rows below each other and count all panels."""
    id, y = 1, 0
    for row in rows:
        yield {
            "id": id,
            "type": "row",
            "title": row.title,
            "collapsed": False,
            "panels": [],
            "gridPos": {"h": 1, "w": _COLUMNS, "x": 0, "y": y},
        }
        id, y = id + 1, y + 1
        width = _COLUMNS // len(row.panels)
        for number, panel in enumerate(row.panels):
            place = {"h": row.height, "w": width, "x": number * width, "y": y}
            yield {"id": id, "gridPos": place, **_panel(panel)}
            id += 1
        y += row.height


def _panel(panel: Panel) -> Json:
    return {
        "type": panel.kind.value,
        "title": panel.title,
        "description": panel.description,
        "datasource": DATASOURCE,
        "targets": [_target(query, panel.kind, chr(ord("A") + i)) for i, query in enumerate(panel.queries)],
        "fieldConfig": {"defaults": _field(panel), "overrides": _overrides(panel)},
        "options": _options(panel),
    }


def _target(query: Query, kind: Kind, letter: str) -> Json:
    is_now = kind in (Kind.NUMBER, Kind.BARS)
    return {
        "refId": letter,
        "datasource": DATASOURCE,
        "expr": query.expression,
        "legendFormat": query.legend,
        "format": "heatmap" if kind is Kind.HEAT else "time_series",
        "range": not is_now,
        "instant": is_now,
    }


def _field(panel: Panel) -> Json:
    field: Json = {
        "unit": panel.unit,
        "min": 0,
        "thresholds": {"mode": "absolute", "steps": [_step(step) for step in panel.steps]},
        "color": {"mode": "palette-classic" if panel.kind is Kind.LINES else "thresholds"},
    }
    if panel.decimals is not None:
        field["decimals"] = panel.decimals
    if panel.most is not None:
        field["max"] = panel.most
    if panel.kind is Kind.LINES:
        field["custom"] = {
            "drawStyle": "line",
            "lineWidth": 1,
            "fillOpacity": 30 if panel.is_stacked else 10,
            "showPoints": "never",
            "spanNulls": False,
            "stacking": {"mode": "normal" if panel.is_stacked else "none", "group": "A"},
            "thresholdsStyle": {"mode": "dashed" if len(panel.steps) > 1 else "off"},
        }
    return field


def _step(step: Step) -> Json:
    return {"color": step.color, "value": step.value}


def _overrides(panel: Panel) -> list[Json]:
    return [
        {
            "matcher": {"id": "byName", "options": legend},
            "properties": [{"id": "color", "value": {"mode": "fixed", "fixedColor": color}}],
        }
        for legend, color in panel.colors.items()
    ]


def _options(panel: Panel) -> Json:
    last = {"calcs": ["lastNotNull"], "fields": "", "values": False}
    match panel.kind:
        case Kind.NUMBER:
            # A number that is neither good nor bad is no coloured tile.
            colored = "background" if len(panel.steps) > 1 else "value"
            return {"reduceOptions": last, "colorMode": colored, "graphMode": "none", "textMode": "value"}
        case Kind.BARS:
            return {"reduceOptions": last, "orientation": "horizontal", "displayMode": "gradient"}
        case Kind.HEAT:
            return {
                "calculate": False,
                "color": {"mode": "scheme", "scheme": "Oranges", "steps": 64},
                "yAxis": {"unit": panel.unit},
                "tooltip": {"mode": "single"},
                "legend": {"show": True},
            }
        case Kind.LINES:
            return {
                "legend": {"displayMode": "table", "placement": "bottom", "calcs": ["lastNotNull", "max"]},
                "tooltip": {"mode": "multi", "sort": "desc"},
            }


def _datasources() -> Json:
    return {
        "name": "datasource",
        "label": "Data source",
        "description": "The Prometheus that scrapes the stack.",
        "type": "datasource",
        "query": "prometheus",
        "current": {},
    }


def _variable(variable: Variable) -> Json:
    told: Json = {"name": variable.name, "label": variable.label, "description": variable.description}
    if variable.choices:
        return told | {
            "type": "query",
            "datasource": DATASOURCE,
            "query": {"query": variable.choices, "refId": "choices"},
            "definition": variable.choices,
            "refresh": 2,
            "sort": 1,
            "multi": True,
            "includeAll": True,
            "allValue": ".*",
            "current": {"text": ["All"], "value": ["$__all"]},
        }
    written = {"text": variable.value, "value": variable.value}
    return told | {"type": "textbox", "query": variable.value, "current": written, "options": [written]}


def _alerts() -> Json:
    return {
        "name": "Alerts",
        "datasource": DATASOURCE,
        "enable": True,
        "iconColor": "red",
        "expr": 'ALERTS{alertname=~"NeuroShorts.*", alertstate="firing"}',
        "titleFormat": "{{alertname}}",
        "textFormat": "{{severity}}",
        "step": "60s",
    }


def _others() -> Json:
    return {
        "title": "NeuroShorts",
        "type": "dashboards",
        "tags": [TAG],
        "asDropdown": False,
        "includeVars": True,
        "keepTime": True,
    }
