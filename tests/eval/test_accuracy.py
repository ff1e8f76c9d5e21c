from __future__ import annotations

from typing import Any

import pytest

from eval.accuracy import counts, figures, judge
from eval.messages import Labelled
from eval.peers import judge_prediction
from eval.systems import Prediction


def labelled(*topics: str, level: str = "routine", lang: str = "en") -> Labelled:
    return Labelled("x", "text", lang, level, (level,), True, topics, (), ())


def reply(topic: str | None, kind: str = "answer", *offered: str) -> dict[str, Any]:
    buttons = [{"topic": name} for name in offered]
    return {"topic": topic, "messages": [{"kind": kind, "topic": topic, "buttons": buttons}]}


@pytest.mark.parametrize(
    ("topics", "got", "first", "within", "wrong"),
    [
        (("eeg",), reply("eeg"), True, True, False),
        (("eeg",), reply("diagnosis"), False, False, True),
        (("eeg",), reply(None, "choice", "diagnosis", "eeg"), False, True, False),
        (("eeg",), reply(None, "choice", "pain"), False, False, False),
        (("eeg", "diagnosis"), reply("diagnosis"), True, True, False),
    ],
)
def test_a_reply_is_judged_by_its_topic_and_its_offers(
    topics: tuple[str, ...], got: dict[str, Any], first: bool, within: bool, wrong: bool
) -> None:
    verdict = judge(labelled(*topics), got)
    assert (verdict.first, verdict.within, verdict.wrong) == (first, within, wrong)


@pytest.mark.parametrize(
    ("topics", "got", "as_inside"),
    [
        (("other_medical",), reply("vigabatrin"), True),
        (("other_medical",), reply("other_medical", "fallback"), False),
        (("other_medical",), reply(None, "choice", "vigabatrin"), False),
        (("vigabatrin",), reply("vigabatrin"), False),
        (("other_medical", "vigabatrin"), reply("vigabatrin"), False),
    ],
)
def test_out_of_scope_answered_as_in_scope(
    topics: tuple[str, ...], got: dict[str, Any], as_inside: bool
) -> None:
    assert judge(labelled(*topics), got).as_inside is as_inside


def test_a_wrong_answer_is_not_plain_where_something_else_is_offered() -> None:
    doubt = {"kind": "choice", "topic": None, "buttons": [{"topic": "eeg"}]}
    hedged = {"topic": "pain", "messages": [*reply("pain")["messages"], doubt]}
    rows = [(labelled("eeg"), reply("eeg")), (labelled("eeg"), reply("pain"))]
    found = figures([*rows, (labelled("eeg"), hedged)], "en")
    assert (found["answered plainly"].k, found["answered plainly"].n) == (2, 3)
    assert (found["wrong of plain answers"].k, found["wrong of plain answers"].n) == (1, 2)
    assert (found["wrong of those answered"].k, found["wrong of those answered"].n) == (2, 3)


def test_only_agreed_routine_messages_with_a_topic_count() -> None:
    assert counts(labelled("eeg"))
    assert not counts(labelled("eeg", level="urgent"))
    assert not counts(labelled())
    assert not counts(labelled("follow_up_more"))


def test_figures_of_a_language_without_messages_are_none() -> None:
    rows = [(labelled("eeg"), reply("eeg"))]
    assert figures(rows, "en")["right at first"].value == 1
    assert figures(rows, "es") == {}


def test_a_peer_that_falls_back_has_not_answered_but_may_offer() -> None:
    prediction = Prediction((("eeg", 0.2), ("pain", 0.1)), answered=False)
    verdict = judge_prediction(labelled("eeg"), prediction)
    assert not verdict.first
    assert not verdict.wrong
    assert verdict.within


def test_a_peer_that_answers_what_the_page_does_not_is_told() -> None:
    verdict = judge_prediction(labelled("off_topic"), Prediction((("eeg", 0.9),)))
    assert verdict.as_inside
    assert verdict.wrong
