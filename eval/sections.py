"""The report as a page, from the figures of eval.json alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from bot.answer_checks import MAX_GRADE
from eval import plots
from eval.html import card, escape, figure, interval, note, page, percent, table
from eval.peers import CLASSIFIER, OURS

Report = Mapping[str, Any]
Card = tuple[str, str, str, bool | None]
# Name in the figures, goal, whether more is better.
TOPIC_GOALS = (
    ("right at first", "in scope", 0.92, True),
    ("right within 3", "in scope", 0.98, True),
    ("wrong of those answered", "", 0.02, False),
    ("wrong of plain answers", "", 0.02, False),
    ("out of scope as in scope", "", 0.03, False),
)
COLUMNS = (
    "right at first",
    "right within 3",
    "wrong of those answered",
    "answered plainly",
    "wrong of plain answers",
    "out of scope as in scope",
)


def _goal(value: float | None, what: str, goal: float, more: bool) -> Card:
    met = None if value is None else (value >= goal if more else value <= goal)
    sign = "at least" if more else "at most"
    return percent(value), what, f"goal {sign} {100 * goal:g} %", met


def headline(report: Report) -> list[Card]:
    """The figures that have a goal, as (value, what, goal, whether it is reached)."""
    topics = report["topics"]
    ours = topics["systems"][0]["figures"]
    like = "like families" if "like families" in ours else "all"
    found = []
    for name, scope, goal, more in TOPIC_GOALS:
        group = f"{like}, {scope}" if scope else like
        what = f"{name}{f' ({scope})' if scope else ''}"
        found.append(_goal(ours[group][name]["value"], what, goal, more))
    hybrid = next(iter(report["search"].values()))
    questions = [hybrid[lang]["hit@3"] for lang in ("en", "es")]
    hits = sum(q["value"] * q["n"] for q in questions) / sum(q["n"] for q in questions)
    found.append(_goal(hits, "search hit@3", 0.97, True))
    sentences = report["grounded"]["sentences"]
    share = sentences["k"] / sentences["n"]
    found.append(_goal(share, "sentences of answers grounded", 1.0, True))
    if "clinc" in report:
        best = next(iter(report["clinc"]["measured"].values()))
        goals = report["clinc"]["goal"]
        for key, what in (("in_scope", "CLINC150 in scope"), ("oos_recall", "CLINC150 recall")):
            found.append(_goal(best[key]["value"], what, goals[key], True))
    if len(topics["systems"]) > 2:
        behind = [s for s in topics["systems"][2:] if s["this bot ahead by"]["low"] > 0]
        count = len(topics["systems"]) - 2
        value = f"{len(behind)} of {count}"
        found.append((value, "peers clearly behind", "goal all of them", len(behind) == count))
    return found


def _summary(report: Report) -> str:
    cards = "".join(card(*one) for one in headline(report))
    return f'<div class="cards">{cards}</div>' + note(
        "Topic figures: strict routine messages of the sets written as families write (all but "
        "heldout), English and Spanish together. Small figures beside a value are its 95 % "
        "bootstrap interval, over 2,000 resamples of the messages."
    )


def _by_set(report: Report, name: str) -> str:
    """One set's table: every measure, English and Spanish side by side."""
    topics = report["topics"]
    langs = [lang for lang in ("en", "es") if f"{name} {lang}" in topics["groups"]]
    sizes = ", ".join(f"{topics['groups'][f'{name} {lang}']} {lang}" for lang in langs)
    head = ["system", *(f"{c}, % {lang}" for c in COLUMNS for lang in langs)]
    rows = [
        [
            escape(system["name"]),
            *(
                interval(system["figures"][f"{name} {lang}"][column])
                for column in COLUMNS
                for lang in langs
            ),
        ]
        for system in topics["systems"]
    ]
    title = "all sets together" if name == "all" else name
    return f"<h3>{escape(title)} ({sizes})</h3>" + table(head, rows, ours=[0, 1])


def _comparison(report: Report) -> str:
    systems, topics = report["topics"]["systems"], report["topics"]
    parts = [_by_set(report, name) for name in (*report["made"]["sets"], "all")]
    groups = {
        title: [
            (
                s["name"],
                *(s["figures"][group]["right at first"][k] for k in ("value", "low", "high")),
            )
            for s in systems
        ]
        for title, group in (("English, all sets", "all en"), ("Spanish, all sets", "all es"))
        if group in topics["groups"]
    }
    notes = [[escape(s["name"]), escape(s["note"])] for s in systems]
    ahead = [
        [escape(s["name"]), interval(s["this bot ahead by"])] for s in systems if s["name"] != OURS
    ]
    return "".join(
        [
            figure(plots.forest(groups, "right at first, %"), "Right at first, with intervals."),
            *parts,
            note(
                "Plain: nothing else is offered beside the answer; a peer never hedges. "
                "Right at first: the system answers, and with a right topic. Within 3: a right "
                "topic is among what is answered or offered; for a peer, among its first three. "
                "Out of scope as in scope: a message that the page cannot answer gets one of its "
                "topics."
            ),
            "<h3>How far this bot is ahead, in points of right at first</h3>",
            table(["than", "points, all sets"], ahead),
            "<h3>What each system is</h3>",
            table(["system", "how it was made"], notes, ours=[0, 1], text=2),
        ]
    )


def _confidence(report: Report) -> str:
    systems = report["topics"]["systems"]
    curves = {
        s["name"]: (np.asarray(s["curve"]["coverage"]), np.asarray(s["curve"]["risk"]))
        for s in systems
        if s["curve"]
    }
    whole = systems[0]["figures"]["all"]
    point = (whole["answered"]["value"], whole["wrong of those answered"]["value"])
    panels = {s["name"]: s["reliability"] for s in systems if s["reliability"]}
    langs = [lang for lang in ("en", "es") if f"all {lang}" in report["topics"]["groups"]]
    areas = [
        [
            escape(s["name"]),
            *(
                percent(s["figures"][f"all {lang}"].get(measure))
                for measure in ("area under risk-coverage", "ECE")
                for lang in langs
            ),
        ]
        for s in systems
        if s["curve"]
    ]
    head = [f"{measure}, {lang}" for measure in ("area", "ECE") for lang in langs]
    rows = [
        [escape(name), str(found["n"]), percent(found["ECE"])]
        for name, found in report["topics"]["calibration"].items()
    ]
    return "".join(
        [
            figure(
                plots.risk_coverage(curves, point),
                "Risk against coverage, all sets but unseen: answering only the surest messages, "
                "how many of the answers are wrong? Lower is better.",
            ),
            figure(
                plots.reliability(dict(list(panels.items())[:2])),
                "Reliability: of messages with this confidence, how many were right?",
            ),
            "<h3>Area under the curve, and expected calibration error (ECE), all sets</h3>",
            table(["system", *head], areas, ours=[0]),
            note(
                "Area: mean share of wrong answers over all coverages. ECE: mean gap between "
                "confidence and share right; none where a score is no probability. Less is better."
            ),
            f"<h3>ECE of {escape(CLASSIFIER)} by messages</h3>",
            table(["messages", "n", "ECE"], rows),
        ]
    )


def _mistakes(report: Report) -> str:
    found = report["topics"]["mistakes"]
    worst = [
        [
            escape(f"{one['right']} taken for {one['said']}"),
            "<br>".join(escape(text) for text in one["messages"]),
            str(one["n"]),
        ]
        for one in found["worst"]
    ]
    return "".join(
        [
            "<h3>Worst confusions, in words</h3>",
            table(["confusion", "messages", "times"], worst, text=2),
            figure(
                plots.matrix(found["labels"], found["matrix"]),
                f"{CLASSIFIER}, all sets; mistakes in red.",
            ),
        ]
    )


def _crossval(report: Report) -> str:
    runs = report["crossval"]
    rows = [
        [
            escape(name),
            str(run["folds"]),
            interval(run["accuracy"]),
            percent(run["macro F1"]),
            f"{run['seconds'] / 60:.1f}",
            percent(run["fit"]),
        ]
        for name, run in runs.items()
    ]
    unseen = {one["topic"]: one for one in report["topics"]["mistakes"]["topics"]}
    raw = {one["topic"]: one for one in runs["raw encoder"]["topics"]}
    tuned = {one["topic"]: one for one in runs["fine-tuned encoder"]["topics"]}
    topics = [
        [
            escape(name),
            str(one["n"]),
            percent(one["f1"]),
            percent(tuned[name]["f1"]),
            *((str(unseen[name]["n"]), percent(unseen[name]["f1"])) if name in unseen else "––"),
        ]
        for name, one in raw.items()
    ]
    return "".join(
        [
            note(
                "The fine-tuned encoder has seen every example, so its cross-validated figure is "
                "too good; the raw encoder has seen none, so its figure is honest, of a weaker "
                "system. The unseen sets are the best estimate. Logistic regression against "
                "DIET: the same features and the same fold; DIET with "
                f"{report['made']['DIET epochs']} epochs."
            ),
            table(["pipeline", "folds", "accuracy, %", "macro F1", "minutes a fold", "fit"], rows),
            "<h3>F1 of each intent, worst first</h3>",
            table(
                ["intent", "examples", "F1 raw", "F1 fine-tuned", "unseen messages", "F1 unseen"],
                topics,
            ),
        ]
    )


def _search(report: Report) -> str:
    found = report["search"]
    measures = ("hit@1", "hit@3", "MRR")
    rows = [
        [escape(name), *(interval(by[lang][m]) for lang in ("en", "es") for m in measures)]
        for name, by in found.items()
    ]
    groups = {
        f"{m}, {lang}": {
            name: tuple(by[lang][m][k] for k in ("value", "low", "high"))
            for name, by in found.items()
        }
        for lang in ("en", "es")
        for m in measures
    }
    sizes = {lang: next(iter(found.values()))[lang]["MRR"]["n"] for lang in ("en", "es")}
    return (
        note(f"{sizes['en']} English and {sizes['es']} Spanish questions, labelled with passages.")
        + table(["search", *(f"{lang} {m}" for lang in ("en", "es") for m in measures)], rows, [0])
        + figure(plots.bars(groups, "share"), "The passage that answers: how high does it stand?")
    )


def _texts(report: Report) -> str:
    grounded, readings = report["grounded"], report["readings"]
    kinds: dict[str, list[float]] = {}
    for one in readings:
        kinds.setdefault(f"{one['kind']}, {one['lang']}", []).append(one["grade"])
    rows = [
        [escape(kind), str(len(values)), f"{np.median(values):.1f}", f"{max(values):.1f}",
         str(sum(v > MAX_GRADE for v in values))]
        for kind, values in kinds.items()
    ]  # fmt: skip
    each = [
        [escape(r["text"]), escape(r["lang"]), f"{r['grade']:.1f}", f"{r['raw']:.1f}"]
        for r in sorted(readings, key=lambda r: -r["grade"])
    ]
    sentences, replies = grounded["sentences"], grounded["replies"]
    faults = ", ".join(f"{rule} {n}" for rule, n in grounded["faults"].items()) or "none"
    return "".join(
        [
            table(
                ["grounded", "of", "without fault"],
                [
                    [
                        "sentences of curated answers, both channels and languages",
                        str(sentences["n"]),
                        str(sentences["k"]),
                    ],
                    [
                        "answers over HTTP: reviewed text or the page's own words, literal quotes",
                        str(replies["n"]),
                        str(replies["k"]),
                    ],
                ],
            ),  # fmt: skip
            note(f"Faults of backing by rule: {faults}."),
            figure(
                plots.grades(kinds, MAX_GRADE),
                f"School grade of every text; the limit for English answers is {MAX_GRADE:g}.",
            ),
            table(["texts", "n", "median grade", "highest", f"over {MAX_GRADE:g}"], rows),
            note("English: Flesch-Kincaid. Spanish: Crawford, made for Spanish, years of school."),
            "<details><summary>Every text, hardest first</summary>",
            table(["text", "language", "grade", "raw grade"], each),
            "</details>",
        ]
    )


def _clinc(report: Report) -> str:
    found = report["clinc"]
    rows = [
        [escape(name), interval(one["in_scope"]), interval(one["oos_recall"])]
        for name, one in found["measured"].items()
    ]
    rows += [
        [escape(name), f"{100 * inside:.1f}", f"{100 * recall:.1f}"]
        for name, (inside, recall) in found["published"].items()
    ]
    points = {
        name: (one["in_scope"]["value"], one["oos_recall"]["value"])
        for name, one in found["measured"].items()
    } | {name: tuple(pair) for name, pair in found["published"].items()}
    goal = (found["goal"]["in_scope"], found["goal"]["oos_recall"])
    return (
        note(
            "150 intents and out-of-scope queries (Larson et al. 2019), with its 250 out-of-scope "
            "training examples. The limit of confidence is chosen on validation data; an in-scope "
            "query that is refused counts as wrong."
        )
        + table(["system", "in-scope accuracy, %", "out-of-scope recall, %"], rows, ours=[0, 1])
        + figure(plots.scatter(points, goal), "Up and to the right is better; dashed: the goals.")
    )


def _escalation(report: Report) -> str:
    names = list(report["escalation"])
    labels: Sequence[str] = list(report["escalation"][names[0]])
    rows = [
        [
            escape(label),
            *(
                f"{one['k']} of {one['n']}"
                for one in (report["escalation"][n][label] for n in names)
            ),
        ]
        for label in labels
    ]
    return table(["what", *names], rows) + note("With intervals and slices: make safety.")


def build(report: Report) -> str:
    """The whole page."""
    made = report["made"]
    sets = ", ".join(f"{name} ({n})" for name, n in made["sets"].items())
    intro = (
        f"<p>Measured {escape(made['at'])}, encoder {escape(made['encoder'])}, "
        f"{made['examples']} training examples, unseen sets {escape(sets)}; "
        f"peers' networks trained for {made['peer epochs']} epochs.</p>"
    )
    chosen = (
        ("summary", "Goals", _summary, "topics"),
        ("peers", "This bot and its peers", _comparison, "topics"),
        ("confidence", "Knowing when it does not know", _confidence, "topics"),
        ("mistakes", "Mistakes", _mistakes, "topics"),
        ("crossval", "Cross-validation", _crossval, "crossval"),
        ("search", "Search", _search, "search"),
        ("texts", "Grounded and plain", _texts, "grounded"),
        ("clinc", "CLINC150", _clinc, "clinc"),
        ("escalation", "Escalation", _escalation, "escalation"),
    )
    left_out = note("Left out of this run.")
    return page(
        "How good is the bot?",
        intro,
        [(n, title, make(report) if key in report else left_out) for n, title, make, key in chosen],
    )
