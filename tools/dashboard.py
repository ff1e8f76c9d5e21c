"""Write deploy/grafana/dashboard.json: `python -m tools.dashboard`."""

from __future__ import annotations

import json
import sys
from typing import Any

from tools.steps import ROOT

FILE = ROOT / "deploy" / "grafana" / "dashboard.json"
P = "histogram_quantile({q}, sum by (le, step) (rate(iess_step_seconds_bucket[5m])))"
# (title, unit, [(query, legend)])
PANELS: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = (
    ("Parts that answer", "none", (("min by (part) (iess_part_up)", "{{part}}"),)),
    (
        "Messages a second",
        "reqps",
        (("sum by (channel, kind) (rate(iess_messages_total[5m]))", "{{channel}} {{kind}}"),),
    ),
    (
        "Dangers an hour",
        "none",
        (
            (
                'sum by (urgency) (increase(iess_messages_total{urgency!="routine"}[1h]))',
                "{{urgency}}",
            ),
        ),
    ),
    ("Time of a step, median", "s", ((P.format(q="0.5"), "{{step}}"),)),
    ("Time of a step, 95 %", "s", ((P.format(q="0.95"), "{{step}}"),)),
    (
        "Messages that Rasa did not answer",
        "reqps",
        (("sum by (reason) (rate(iess_engine_failures_total[5m]))", "{{reason}}"),),
    ),
    (
        "Refusals and limits",
        "reqps",
        (
            ("sum by (code) (rate(iess_refusals_total[5m]))", "{{code}}"),
            ("sum by (limit) (rate(iess_limited_total[5m]))", "over {{limit}}"),
        ),
    ),
    ("Text messages by state", "none", (("max by (state) (iess_outbox_messages)", "{{state}}"),)),
    (
        "Texts without a valid signature",
        "none",
        (
            ("max by (content) (iess_texts_unsigned)", "{{content}} never signed"),
            ("max by (content) (iess_texts_expired)", "{{content}} expired"),
        ),
    ),
    (
        "Database failures",
        "reqps",
        (("sum by (part) (rate(iess_database_failures_total[5m]))", "{{part}}"),),
    ),
    (
        "Memory of the gateways",
        "bytes",
        (('process_resident_memory_bytes{job="iess"}', "{{instance}}"),),
    ),
    (
        "Processor time of the gateways",
        "percentunit",
        (('rate(process_cpu_seconds_total{job="iess"}[5m])', "{{instance}}"),),
    ),
)


def dashboard() -> dict[str, Any]:
    """The dashboard as Grafana imports it, two panels in a row."""
    source = {"type": "prometheus", "uid": "${source}"}
    panels = [
        {
            "id": number + 1,
            "title": title,
            "type": "timeseries",
            "datasource": source,
            "gridPos": {"x": 12 * (number % 2), "y": 8 * (number // 2), "w": 12, "h": 8},
            "fieldConfig": {"defaults": {"unit": unit, "min": 0}, "overrides": []},
            "targets": [
                {"refId": chr(65 + i), "expr": query, "legendFormat": legend, "datasource": source}
                for i, (query, legend) in enumerate(queries)
            ],
        }
        for number, (title, unit, queries) in enumerate(PANELS)
    ]
    return {
        "title": "IESS family education",
        "uid": "iess",
        "schemaVersion": 39,
        "version": 1,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "templating": {
            "list": [
                {"name": "source", "label": "Prometheus", "type": "datasource"}
                | {"query": "prometheus"}
            ]
        },
        "panels": panels,
    }


def text() -> str:
    """The file's content."""
    return json.dumps(dashboard(), indent=2) + "\n"


def main() -> int:
    """Write the file."""
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
