"""The plots of the report, each as inline SVG."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from eval.metrics import Floats

OURS, PEER, GREEN, RED, GREY = "#0f5c8c", "#8a94a0", "#2b8a5a", "#c0392b", "#5b6670"
CURVES = (OURS, "#d9822b", "#7b5ea7", "#2b8a5a", "#c0392b", "#8a94a0")
# Typed loosely: the keys that matplotlib knows are a literal type of its own.
STYLE: dict[Any, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["Helvetica", "Arial", "DejaVu Sans"],
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#b8c0c8",
    "axes.labelcolor": "#3a434c",
    "xtick.color": "#3a434c",
    "ytick.color": "#3a434c",
    "axes.grid": True,
    "grid.color": "#e6eaee",
    "axes.axisbelow": True,
    "svg.fonttype": "none",
}


def _svg(figure: Figure, name: str) -> str:
    """The figure as an SVG element that scales, with ids of its own."""
    buffer = io.StringIO()
    with mpl.rc_context({**STYLE, "svg.hashsalt": name}):
        figure.savefig(buffer, format="svg", bbox_inches="tight", metadata={"Date": None})
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    # Plots share a page: "figure_1" of one must not be that of another.
    text = re.sub(r'(id="|url\(#|href="#)', rf"\g<1>{name}-", text)
    return re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.S)


def _figure(width: float, height: float, columns: int = 1) -> tuple[Figure, list[Axes]]:
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(width, height), layout="constrained")
        axes = figure.subplots(1, columns, squeeze=False)[0]
    return figure, list(axes)


def forest(groups: Mapping[str, Sequence[tuple[str, float, float, float]]], label: str) -> str:
    """Values with intervals, a panel a group; the first row of each is ours.

    Args:
        groups: title to rows of (name, value, low, high), shares of 1.
        label: of the x axis.
    """
    rows = max(len(group) for group in groups.values())
    figure, axes = _figure(9.2, 0.42 * rows + 0.9, len(groups))
    for place, (axis, (title, group)) in enumerate(zip(axes, groups.items(), strict=True)):
        for y, (name, value, low, high) in enumerate(group):
            colour = OURS if "this bot" in name else PEER
            axis.plot([100 * low, 100 * high], [y, y], color=colour, linewidth=2.4)
            axis.plot([100 * value], [y], "o", color=colour, markersize=6)
        axis.set_title(title, loc="left", fontsize=11)
        axis.set_yticks(range(len(group)), [g[0] for g in group] if place == 0 else [""] * rows)
        axis.set_ylim(rows - 0.5, -0.5)
        axis.set_xlabel(label)
        axis.grid(axis="y", visible=False)
    return _svg(figure, "forest" + re.sub(r"\W", "", label))


def risk_coverage(
    curves: Mapping[str, tuple[Floats, Floats]], point: tuple[float, float] | None
) -> str:
    """Share answered against share of the answered that is wrong.

    Args:
        curves: name to (coverage, risk).
        point: (coverage, risk) at which the whole path works.
    """
    figure, (axis,) = _figure(7.2, 4.2)
    for (name, (coverage, risk)), colour in zip(curves.items(), CURVES, strict=False):
        width = 2.4 if "this bot" in name else 1.4
        axis.plot(100 * coverage, 100 * risk, label=name, color=colour, linewidth=width)
    if point:
        axis.plot([100 * point[0]], [100 * point[1]], "*", color=OURS, markersize=15)
        axis.annotate(
            "the whole path", (100 * point[0], 100 * point[1]), (-8, 10),
            textcoords="offset points", ha="right", color=OURS,
        )  # fmt: skip
    axis.set_xlabel("answered, % of messages (the surest first)")
    axis.set_ylabel("wrong, % of those answered")
    axis.set_xlim(0, 101)
    axis.set_ylim(bottom=0)
    axis.legend(frameon=False, fontsize=9)
    return _svg(figure, "risk")


def reliability(panels: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """Confidence against the share that was right, a panel a system; bars say how many."""
    figure, axes = _figure(4.2 * len(panels), 3.9, len(panels))
    for axis, (title, bins) in zip(axes, panels.items(), strict=True):
        axis.plot([0, 1], [0, 1], color="#b8c0c8", linestyle="--", linewidth=1)
        total = sum(b["n"] for b in bins) or 1
        axis.bar(
            [(b["low"] + b["high"]) / 2 for b in bins], [b["n"] / total for b in bins],
            width=0.09, color="#d7e3ec", label="share of messages",
        )  # fmt: skip
        axis.plot(
            [b["confidence"] for b in bins], [b["accuracy"] for b in bins], "o-", color=OURS,
            label="right",
        )  # fmt: skip
        axis.set_title(title, loc="left", fontsize=11)
        axis.set_xlabel("confidence")
        axis.set_ylabel("share right")
        axis.set_xlim(0, 1)
        axis.set_ylim(0, 1)
        axis.legend(frameon=False, fontsize=9, loc="upper left")
    return _svg(figure, "reliability")


def matrix(labels: Sequence[str], counts: Sequence[Sequence[int]]) -> str:
    """Confusion matrix: rows are labels, columns predictions, colour the share of the row."""
    table = np.asarray(counts, dtype=float)
    share = table / np.maximum(table.sum(axis=1, keepdims=True), 1)
    size = 0.27 * len(labels) + 2
    figure, (axis,) = _figure(size, size)
    axis.imshow(share, cmap="Blues", vmin=0, vmax=1)
    axis.set_xticks(range(len(labels)), labels, rotation=90, fontsize=8)
    axis.set_yticks(range(len(labels)), labels, fontsize=8)
    axis.xaxis.tick_top()
    axis.grid(visible=False)
    for row, column in zip(*np.nonzero(table), strict=True):
        wrong = row != column
        colour = RED if wrong else "white" if share[row, column] > 0.5 else "#3a434c"
        axis.text(
            column, row, f"{table[row, column]:.0f}", ha="center", va="center", fontsize=7,
            color=colour, fontweight="bold" if wrong else "normal",
        )  # fmt: skip
    axis.set_ylabel("right topic")
    return _svg(figure, "matrix")


def bars(groups: Mapping[str, Mapping[str, tuple[float, float, float]]], label: str) -> str:
    """Grouped bars with intervals: group to series to (value, low, high), shares of 1."""
    figure, (axis,) = _figure(8.4, 3.6)
    series = list(next(iter(groups.values())))
    width = 0.8 / len(series)
    for i, name in enumerate(series):
        values = [groups[group][name] for group in groups]
        places = np.arange(len(groups)) + (i - (len(series) - 1) / 2) * width
        errors = [[v - low for v, low, _ in values], [high - v for v, _, high in values]]
        axis.bar(
            places, [v[0] for v in values], width * 0.92, yerr=errors, label=name,
            color=CURVES[i], error_kw={"linewidth": 1, "ecolor": "#3a434c"},
        )  # fmt: skip
    axis.set_xticks(range(len(groups)), list(groups))
    axis.set_ylabel(label)
    axis.set_ylim(0, 1.02)
    axis.grid(axis="x", visible=False)
    axis.legend(frameon=False, fontsize=9, ncols=2, loc="lower left")
    return _svg(figure, "bars" + re.sub(r"\W", "", label))


def grades(groups: Mapping[str, Sequence[float]], limit: float) -> str:
    """Reading grades as dots, a row a kind of text, with the limit."""
    figure, (axis,) = _figure(8.4, 0.5 * len(groups) + 1)
    rng = np.random.default_rng(7)
    for y, values in enumerate(groups.values()):
        spread = rng.uniform(-0.22, 0.22, len(values))
        colours = [OURS if v <= limit else RED for v in values]
        axis.scatter(values, y + spread, s=14, c=colours, alpha=0.7, linewidths=0)
    axis.axvline(limit, color=RED, linewidth=1, linestyle="--")
    axis.set_yticks(range(len(groups)), list(groups))
    axis.set_ylim(len(groups) - 0.5, -0.5)
    axis.set_xlabel("school grade (a glossary term counts as one short word)")
    axis.grid(axis="y", visible=False)
    return _svg(figure, "grades")


def scatter(points: Mapping[str, tuple[float, float]], goal: tuple[float, float]) -> str:
    """In-scope accuracy against out-of-scope recall, with the goal's corner."""
    figure, (axis,) = _figure(7.2, 4.2)
    axis.axvline(100 * goal[0], color=GREEN, linewidth=1, linestyle="--")
    axis.axhline(100 * goal[1], color=GREEN, linewidth=1, linestyle="--")
    for name, (inside, recall) in points.items():
        colour = OURS if "this bot" in name else GREY
        axis.plot([100 * inside], [100 * recall], "o", color=colour, markersize=7)
        axis.annotate(
            name, (100 * inside, 100 * recall), (-7, 6), textcoords="offset points",
            fontsize=8.5, color=colour, ha="right",
        )  # fmt: skip
    axis.set_xlabel("in-scope accuracy, %")
    axis.set_ylabel("out-of-scope recall, %")
    axis.set_xlim(86, 98)
    return _svg(figure, "clinc")
