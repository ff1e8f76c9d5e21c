"""The figures of `make bench` as lines, and as a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from eval.html import card, note, page, table

HEAD = "Every family writes again as soon as the reply is there. PSS counts shared memory once."


def line(name: str, found: Mapping[str, Any]) -> str:
    """One system's latency, for who waits."""
    cells = [f"median {found['single']['median']:.1f} ms", f"p95 {found['single']['p95']:.1f} ms"]
    cells += [f"turn {turn} {ms:.1f} ms" for turn, ms in found["turns"].items()]
    return f"{name:28} {'   '.join(cells)}"


def rows(result: Mapping[str, Any]) -> tuple[list[str], list[list[str]]]:
    """Head and rows of the table of systems, as plain text."""
    systems: Mapping[str, Any] = result["systems"]
    first = next(iter(systems.values()))
    loads, turns = list(first["loads"]), list(first["turns"])
    head = ["system", "ready s", "PSS MB", "RSS MB"]
    head += [f"{n} at once: median / p95 ms" for n in loads]
    head += ["messages/s, p95 < 250 ms", *(f"turn {t} ms" for t in turns)]
    found = []
    for name, one in systems.items():
        memory = one["memory_after"].values()
        best = one["best"]
        row = [name, f"{one['ready']:.1f}"]
        row += [f"{sum(m[kind] for m in memory):.0f}" for kind in ("pss", "rss")]
        row += [_load(one["loads"][n]) for n in loads]
        row += [f"{best['per_second']:.1f} ({best['users']} families)" if best else "none"]
        row += [f"{one['turns'][t]:.1f}" for t in turns]
        found.append(row)
    return head, found


def _load(load: Mapping[str, Any]) -> str:
    failed = f", {load['failed']} failed" if load["failed"] else ""
    return f"{load['median']:.0f} / {load['p95']:.0f}{failed}"


def processes(result: Mapping[str, Any]) -> list[list[str]]:
    """Memory by process: system, process, PSS and RSS in MB."""
    return [
        [name, process, f"{memory['pss']:.0f}", f"{memory['rss']:.0f}"]
        for name, one in result["systems"].items()
        for process, memory in one["memory_after"].items()
    ]


def text(result: Mapping[str, Any]) -> str:
    """All of it for the terminal."""
    head, body = rows(result)
    lines = []
    for row in body:
        lines += ["", row[0]]
        lines += [f"  {what:32} {value}" for what, value in zip(head[1:], row[1:], strict=True)]
    lines += ["", "memory by process (PSS MB, RSS MB)"]
    lines += [f"  {name}, {process}: {pss}, {rss}" for name, process, pss, rss in processes(result)]
    lines += ["", "steps of our reply (median ms)"]
    lines += [f"  {name:50} {ms:6.2f}" for name, ms in result["steps"].items()]
    lines += ["", "goals"]
    for goal in result["goals"]:
        mark = "met   " if goal["met"] else "MISSED"
        lines.append(f"  {mark} {goal['name']}: {goal['measured']}")
    return "\n".join(lines)


def html(result: Mapping[str, Any]) -> str:
    """The page."""
    head, body = rows(result)
    goals: Sequence[Mapping[str, Any]] = result["goals"]
    cards = "".join(card(g["measured"], g["name"], met=g["met"]) for g in goals)
    intro = (
        f"<p>{result['cores']} cores, {result['busy']:.0f} % of them busy with something else"
        " before the run.</p>"
    )
    steps = [[name, f"{ms:.2f}"] for name, ms in result["steps"].items()]
    memory = table(["system", "process", "PSS MB", "RSS MB"], processes(result), text=2)
    return page(
        "Speed and size",
        intro,
        [
            ("goals", "Goals", f'<div class="cards">{cards}</div>'),
            ("systems", "Beside peers", note(HEAD) + table(head, body, ours=(0,))),
            ("memory", "Memory by process", memory),
            ("steps", "Steps of a reply", table(["step", "median ms"], steps)),
        ],
    )
