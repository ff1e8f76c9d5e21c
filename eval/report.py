"""One report of how good the bot is: `make eval` writes reports/eval.html and eval.json.

Measures on messages that nothing was trained on, beside peers that were trained on the same
examples. Peers, cross-validation and the benchmark train for long the first time; they are kept
under var/peers by what they were made from.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.desk import open_desk
from bot.encoder import Encoder
from bot.errors import BotError
from bot.glossary import load_glossary
from bot.settings import load_settings
from bot.topics import FALLBACKS, TOPICS
from bot.training_data import intent_examples
from eval import clinc, crossval, encoders, peers, pipelines, safety, search, sections, texts
from eval.accuracy import Row, counts
from eval.benchmarks import CLINC150
from eval.messages import SETS, TUNED, ask_all, load, service, write_report
from eval.metrics import confusions, ece, per_topic, reliability, risk_coverage
from eval.systems import Prediction
from tools.steps import ROOT, StepError, report, say

STAGES = ("stock", "crossval", "clinc")  # what may be left out, because it trains
LIKE_FAMILIES = ("dev", "fresh", "blind", "unseen")  # as families write; heldout is harder
WORST = 12
CURVE_POINTS = 200


def plain(value: Any) -> Any:
    """A value as JSON holds it; what is not a number is null."""
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, float | np.floating):
        return None if np.isnan(value) else round(float(value), 5)
    return value


def groups(rows: Sequence[tuple[str, Row]]) -> dict[str, list[int]]:
    """Places of the messages of each set and language, and of the sets together."""
    found: dict[str, list[int]] = {}
    for place, (name, (message, _)) in enumerate(rows):
        lang = message.lang[:2]
        together = ["like families", f"like families {lang}"] if name in LIKE_FAMILIES else []
        for group in (f"{name} {lang}", f"all {lang}", "all", *together):
            found.setdefault(group, []).append(place)
    return found


def curve(system: peers.System, chosen: Sequence[int]) -> dict[str, Any]:
    """Its risk-coverage curve on the chosen messages, thinned to what a plot shows."""
    confidence = [system.predictions[i].confidence for i in chosen]
    coverage, risk = risk_coverage(confidence, [system.top_right[i] for i in chosen])
    places = np.unique(np.linspace(0, len(coverage) - 1, CURVE_POINTS).astype(int))
    return {"coverage": coverage[places], "risk": risk[places]}


def mistakes(rows: Sequence[Row], predictions: Sequence[Prediction]) -> dict[str, Any]:
    """Confusion matrix, F1 of each topic, and the worst confusions with their messages."""
    said, truth = [], []
    for (message, _), prediction in zip(rows, predictions, strict=True):
        said.append(prediction.topics[0] if prediction.topics else "none")
        truth.append(said[-1] if said[-1] in message.topics else message.topics[0])
    labels = [t for t in (*TOPICS, "none") if t in {*said, *truth}]
    pairs = list(zip(truth, said, strict=True))
    worst = [
        {
            "right": right,
            "said": wrong,
            "n": n,
            "messages": [
                m.text for (m, _), p in zip(rows, pairs, strict=True) if p == (right, wrong)
            ][:3],
        }
        for right, wrong, n in confusions(truth, said)[:WORST]
    ]
    return {
        "labels": labels,
        "matrix": [[pairs.count((row, column)) for column in labels] for row in labels],
        "worst": worst,
        "topics": per_topic(truth, said),
    }


def measure_topics(rows: Sequence[tuple[str, Row]], with_stock: bool) -> dict[str, Any]:
    """This bot and its peers on the unseen messages."""
    pairs = [row for _, row in rows]
    messages, replies = [m for m, _ in pairs], [r for _, r in pairs]
    say("this bot's classifier alone")
    systems = peers.this_bot(messages, replies)
    examples = list(intent_examples(load_settings().data_dir))
    if with_stock:
        systems.append(peers.stock_rasa(messages, examples, pipelines.EPOCHS))
    systems += peers.peers(messages, examples)
    places = groups(rows)
    inside = [i for i, m in enumerate(messages) if not set(m.topics) <= set(FALLBACKS)]
    for name in ("all", "like families"):
        if name in places:
            places[f"{name}, in scope"] = [i for i in places[name] if i in set(inside)]
    # Limits are read off the curve and texts are shown: not those of the last set.
    tuned = [i for i, (name, _) in enumerate(rows) if name in TUNED]
    ours, classifier = systems[:2]
    confidence = [p.confidence for p in classifier.predictions]
    return {
        "groups": {name: len(chosen) for name, chosen in places.items()},
        "systems": [
            {
                "name": system.name,
                "note": system.note,
                "figures": {name: peers.figures(system, where) for name, where in places.items()},
                "this bot ahead by": peers.ahead(ours, system, places["all"]),
                "curve": curve(system, tuned) if system.predictions else None,
                "reliability": reliability(
                    [p.confidence for p in system.predictions], system.top_right
                )
                if system.probability
                else None,
            }
            for system in systems
        ],
        "calibration": {
            name: {
                "n": len(where),
                "ECE": ece(
                    [confidence[i] for i in where], [classifier.top_right[i] for i in where]
                ),
            }
            for name, where in places.items()
        },
        "mistakes": mistakes([pairs[i] for i in tuned], [classifier.predictions[i] for i in tuned]),
    }


def measure_content(replies: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Search, and the texts themselves."""
    settings = load_settings()
    desk = open_desk(settings)
    library, data = desk.composer.library, settings.data_dir
    glossary = load_glossary(data / "glossary.yml", library.page)
    current = Encoder(settings.var_dir / "encoder" / "current", threads=encoders.THREADS)
    retrievers = search.searches(
        desk.composer.retriever,
        library.page,
        glossary.synonyms(),
        current,
        Encoder(encoders.raw(), threads=encoders.THREADS),
    )
    sentences, faults = texts.grounded(library, glossary)
    return {
        "search": search.measure(search.load_questions(), retrievers),
        "grounded": {
            "sentences": sentences,
            "faults": faults,
            "replies": texts.grounded_replies(replies, library, desk.hospital),
        },
        "readings": list(texts.readings(library, desk.safety, data / "phrases.yml", glossary)),
    }


def measure_crossval() -> dict[str, Any]:
    """Our pipeline, on the raw encoder, and with DIET in the classifier's place."""
    examples = list(intent_examples(load_settings().data_dir))
    encoders.raw()
    ours = pipelines.classifier_alone(pipelines.ours())
    raw = pipelines.with_encoder(ours, pipelines.BASE_ENCODER)
    runs: dict[str, tuple[pipelines.Pipeline, int]] = {
        "raw encoder": (raw, pipelines.FOLDS),
        "fine-tuned encoder": (ours, pipelines.FOLDS),
        "raw encoder, first fold": (raw, 1),
        "raw encoder, DIET, first fold": (pipelines.with_diet(raw, pipelines.DIET_EPOCHS), 1),
    }
    found = {}
    for name, (pipeline, folds) in runs.items():
        key = name.removesuffix(", first fold").replace(", ", "-").replace(" ", "-")
        got = crossval.validate(key, pipeline, examples, folds)
        say(f"  {name}: {got.accuracy.value:.1%}")
        found[name] = {
            "folds": folds,
            "accuracy": got.accuracy,
            "macro F1": got.macro_f1,
            "topics": got.topics,
            "seconds": got.seconds,
            "fit": got.fit,
        }
    return found


def run(url: str | None, without: Sequence[str]) -> dict[str, Any]:
    """All stages, each told when it begins."""
    started = time.monotonic()

    def stage(title: str, measure: Callable[[], Any]) -> Any:
        say(f"== {title} ({time.monotonic() - started:.0f} s)")
        return measure()

    def asked() -> list[tuple[str, Row]]:
        with service(url) as client:
            found = []
            for name in SETS:
                messages = load(name)
                say(f"  {name}: {len(messages)} messages")
                found += [
                    (name, row) for row in zip(messages, ask_all(client, messages), strict=True)
                ]
            return found

    rows = stage("the unseen messages over HTTP", asked)
    routine = [(name, row) for name, row in rows if counts(row[0])]
    settings = load_settings()
    found: dict[str, Any] = {
        "made": {
            "at": dt.datetime.now(dt.UTC).isoformat(timespec="minutes"),
            "encoder": (settings.var_dir / "encoder" / "current").resolve().name,
            "examples": len(list(intent_examples(settings.data_dir))),
            "peer epochs": pipelines.EPOCHS,
            "DIET epochs": pipelines.DIET_EPOCHS,
            "sets": {name: len(load(name)) for name in SETS},
        },
        "escalation": {
            name: safety.figures([row for n, row in rows if n == name]) for name in SETS
        },
    }
    found |= stage(
        "search, groundedness, reading grade", lambda: measure_content([r for _, (_, r) in rows])
    )
    if "crossval" not in without:
        found["crossval"] = stage("cross-validation", measure_crossval)
    found["topics"] = stage(
        "this bot and its peers", lambda: measure_topics(routine, "stock" not in without)
    )
    if "clinc" not in without and CLINC150.exists():
        found["clinc"] = stage("CLINC150", clinc.measure)
    found["made"]["minutes"] = (time.monotonic() - started) / 60
    return dict(plain(found))


def main() -> int:
    """Measure, write both files, print the figures that count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="of a running service; one is started otherwise")
    parser.add_argument("--out", type=Path, default=ROOT / "reports", help="folder to write to")
    parser.add_argument("--without", nargs="*", choices=STAGES, default=[], help="leave out")
    given = parser.parse_args()
    try:
        found = run(given.url, given.without)
    except (BotError, StepError) as error:
        report(error if isinstance(error, StepError) else StepError(str(error)))
        return 1
    write_report(found, given.out / "eval.json")
    (given.out / "eval.html").write_text(sections.build(found), encoding="utf-8")
    for value, what, goal, met in sections.headline(found):
        mark = "" if met is None else "reached" if met else "MISSED"
        say(f"{value:>22}  {what:52} {goal:24} {mark}")
    say(f"Read {given.out / 'eval.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
