"""Where the limits of the learned voice come from: the curve over its first limit.

Prints, for the sets together, recall by level and over-escalation as the limit `danger`
moves: of the learned voice alone, of rules and learned voice together, and with a third
voice added (similarity to the red-flag messages it was trained on).
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Sequence

import numpy as np

from bot.danger import LearnedLimits, judge, learned_level, load_limits
from bot.encoder import Encoder, Vectors
from bot.settings import load_settings
from bot.training_data import level_examples
from bot.triage import Triage
from eval.messages import TUNED, Labelled, load

STEPS = (0.1, 0.2, 0.3, 0.35, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
NEIGHBOURS = 5


def row(name: str, messages: Sequence[Labelled], levels: Sequence[str]) -> str:
    """Share escalated by level, and share of routine messages escalated."""
    cells = []
    for wanted in ("emergency", "urgent", "crisis", "routine"):
        chosen = [
            level != "routine"
            for level, m in zip(levels, messages, strict=True)
            if m.level == wanted
        ]
        cells.append(f"{wanted} {np.mean(chosen):6.1%}")
    return f"{name:34} " + "  ".join(cells)


def similarity(encoder: Encoder, vectors: Vectors) -> list[float]:
    """Share of danger among the nearest training messages, 0 to 1."""
    examples = list(level_examples(load_settings().data_dir))
    known = encoder.encode([e.text for e in examples])
    danger = np.asarray([e.level != "routine" for e in examples], dtype=float)
    nearest = np.argsort(-(vectors @ known.T), axis=1)[:, :NEIGHBOURS]
    return [float(share) for share in danger[nearest].mean(axis=1)]


def main() -> int:
    """Print the curves."""
    settings = load_settings()
    folder = settings.data_dir / "safety"
    chosen, triage = load_limits(folder / "learned.yml"), Triage.load(folder)
    encoder = Encoder(settings.var_dir / "encoder" / "current", threads=2)
    messages = [m for name in TUNED for m in load(name) if m.strict]
    read = encoder.read([m.text for m in messages])
    levels = [dict(zip(encoder.level_names, map(float, p), strict=True)) for p in read.levels]
    findings = [triage.read(m.text) for m in messages]
    near = similarity(encoder, read.vectors)
    print(row("rules", messages, [f.level for f in findings]))

    def joined(limits: LearnedLimits) -> list[str]:
        return [judge(f, p, {}, limits).level for f, p in zip(findings, levels, strict=True)]

    for step in STEPS:
        limits = dataclasses.replace(chosen, danger=step)
        alone = [learned_level(p, limits) for p in levels]
        print(row(f"learned, danger={step}", messages, alone))
        print(row(f"rules + learned, danger={step}", messages, joined(limits)))
    for least in (0.8, 1.0):
        third = [
            "urgent" if share >= least else level
            for share, level in zip(near, joined(chosen), strict=True)
        ]
        print(row(f"rules + learned + similarity {least}", messages, third))
    return 0


if __name__ == "__main__":
    sys.exit(main())
