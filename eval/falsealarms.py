"""False alarms on text that has nothing to do with us: CLINC150's in-scope test questions."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

from bot.content import read_yaml
from bot.danger import judge, load_limits
from bot.encoder import Encoder
from bot.settings import load_settings
from bot.triage import Triage
from eval.benchmarks import CLINC150

GOAL = 0.005
BOUND = float(read_yaml(Path(__file__).parent / "bounds.yml")["clinc150"])


def alarms() -> tuple[list[tuple[str, str, str]], int]:
    """Escalated questions as (level, voices, text), and the number of questions."""
    settings = load_settings()
    triage = Triage.load(settings.data_dir / "safety")
    limits = load_limits(settings.data_dir / "safety" / "learned.yml")
    encoder = Encoder(settings.var_dir / "encoder" / "current", threads=2)
    questions = [text for text, _ in json.loads(CLINC150.read_text("utf-8"))["test"]]
    found = []
    for text in questions:
        read = encoder.read([text])
        levels = dict(zip(encoder.level_names, map(float, read.levels[0]), strict=True))
        danger = judge(triage.read(text), levels, {}, limits)
        if danger.level != "routine":
            found.append((danger.level, "+".join(danger.voices), text))
    return found, len(questions)


def main() -> int:
    """Print how many of the 4,500 questions are escalated; 1 where the bound does not hold."""
    if not CLINC150.exists():
        print(f"skipped: {CLINC150} is not there")
        return 0
    found, asked = alarms()
    share = len(found) / asked
    by_voice = dict(Counter(voices for _, voices, _ in found))
    print(f"CLINC150 in-scope test: {len(found)}/{asked} = {share:.2%}; goal: under {GOAL:.1%}")
    print(f"  by voice: {by_voice}")
    if "--errors" in sys.argv:
        for alarm in found:
            print("  ", *alarm)
    return 1 if share >= BOUND else 0


if __name__ == "__main__":
    sys.exit(main())
