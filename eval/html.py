"""Small pieces of a self-contained HTML page."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any

STYLE = """
:root { --ink: #1f2a33; --soft: #5b6670; --line: #e1e6eb; --ours: #0f5c8c; --tint: #eef5fa;
  --good: #1e7b4c; --bad: #b3261e; }
* { box-sizing: border-box; }
body { margin: 0; color: var(--ink); background: #fff; line-height: 1.5;
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; }
main { max-width: 68rem; margin: 0 auto; padding: 2rem 1.25rem 5rem; }
header h1 { margin: 0 0 .25rem; font-size: 1.9rem; letter-spacing: -.01em; }
header p, .note { color: var(--soft); }
.note { font-size: .9rem; margin: .5rem 0 1rem; max-width: 50rem; }
nav { margin: 1rem 0 0; display: flex; flex-wrap: wrap; gap: .25rem 1rem; font-size: .9rem; }
a { color: var(--ours); }
section { margin-top: 2.75rem; border-top: 1px solid var(--line); padding-top: 1.25rem; }
h2 { margin: 0 0 .5rem; font-size: 1.35rem; }
h3 { margin: 1.5rem 0 .4rem; font-size: 1.05rem; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(14rem, 1fr)); gap: .8rem;
  margin-top: 1rem; }
.card { border: 1px solid var(--line); border-radius: .6rem; padding: .8rem 1rem; }
.card b { display: block; font-size: 1.65rem; line-height: 1.2; }
.card span { display: block; color: var(--soft); font-size: .85rem; }
.met { border-left: .3rem solid var(--good); } .met b { color: var(--good); }
.missed { border-left: .3rem solid var(--bad); } .missed b { color: var(--bad); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; margin: .5rem 0 1rem; }
th, td { padding: .4rem .6rem; text-align: right; border-bottom: 1px solid var(--line);
  white-space: nowrap; font-variant-numeric: tabular-nums; }
th:first-child, td:first-child, td.text, th.text { text-align: left; white-space: normal; }
thead th { color: var(--soft); font-weight: 600; vertical-align: bottom; }
tr.ours { background: var(--tint); font-weight: 600; }
td small { display: block; color: var(--soft); font-weight: 400; }
thead th { white-space: normal; }
th:first-child, td:first-child { min-width: 11rem; }
figure { margin: 1rem 0; } figure svg { max-width: 100%; height: auto; }
figcaption { color: var(--soft); font-size: .9rem; }
details { margin: .5rem 0; } summary { cursor: pointer; color: var(--ours); }
"""


def escape(text: object) -> str:
    """Text as HTML."""
    return html.escape(str(text))


def percent(value: float | None) -> str:
    """A share as per cent; a dash where there is none."""
    return "–" if value is None else f"{100 * value:.1f} %"


def interval(figure: Mapping[str, Any] | float | None, scale: float = 100) -> str:
    """A figure with its interval in small print, as HTML.

    Args:
        figure: value, low and high; or a bare number.
        scale: 100 for per cent.
    """
    if figure is None:
        return "–"
    digits = 1 if scale == 100 else 2
    if isinstance(figure, Mapping):
        if figure["value"] is None:
            return "–"
        low, high = scale * figure["low"], scale * figure["high"]
        value = f"{scale * figure['value']:.{digits}f}"
        return f"{value} <small>{low:.{digits}f}–{high:.{digits}f}</small>"
    return f"{scale * figure:.{digits}f}"


def table(
    head: Sequence[str], rows: Sequence[Sequence[str]], ours: Sequence[int] = (), text: int = 1
) -> str:
    """A table; cells are HTML already.

    Args:
        head: titles of the columns.
        rows: the cells of each row.
        ours: rows to bring out.
        text: how many columns from the left hold text.
    """

    def cells(tag: str, row: Sequence[str]) -> str:
        marks = (' class="text"' if i < text else "" for i in range(len(row)))
        return "".join(f"<{tag}{m}>{c}</{tag}>" for m, c in zip(marks, row, strict=True))

    body = "".join(
        f"<tr{' class=ours' if i in ours else ''}>{cells('td', row)}</tr>"
        for i, row in enumerate(rows)
    )
    return (
        f'<div class="scroll"><table><thead><tr>{cells("th", head)}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def figure(svg: str, caption: str) -> str:
    """A plot with what it shows."""
    return f"<figure>{svg}<figcaption>{escape(caption)}</figcaption></figure>"


def note(text: str) -> str:
    """A remark in small print."""
    return f'<p class="note">{escape(text)}</p>'


def section(name: str, title: str, *parts: str) -> str:
    """A section that the list at the top leads to."""
    return f'<section id="{name}"><h2>{escape(title)}</h2>{"".join(parts)}</section>'


def card(value: str, what: str, goal: str = "", met: bool | None = None) -> str:
    """One figure that counts, with its goal."""
    kind = "" if met is None else " met" if met else " missed"
    return (
        f'<div class="card{kind}"><b>{escape(value)}</b>{escape(what)}'
        f"<span>{escape(goal)}</span></div>"
    )


def page(title: str, intro: str, sections: Sequence[tuple[str, str, str]]) -> str:
    """The whole page.

    Args:
        title: of the page.
        intro: HTML under the title.
        sections: (name, title, HTML).
    """
    links = "".join(f'<a href="#{name}">{escape(label)}</a>' for name, label, _ in sections)
    body = "".join(section(name, label, content) for name, label, content in sections)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body><main>"
        f"<header><h1>{escape(title)}</h1>{intro}<nav>{links}</nav></header>{body}"
        f"</main></body></html>\n"
    )
