"""The actions with real content and a word encoder, without any server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.answer import ActionAnswer, ActionOfferChoice
from actions.choose import ActionChoose, picked
from actions.follow_up import ActionFollowUp
from actions.turn import Turn, quotes_of, spans_of

pytestmark = pytest.mark.usefixtures("desk")


def run(
    action: Any,
    text: str,
    ranking: list[tuple[str, float]],
    slots: dict[str, Any] | None = None,
    parts: list[dict[str, Any]] | None = None,
    before: Sequence[str] = (),
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What an action says (its custom JSON) and the slots it sets.

    `before` are the intents of the messages before this one.
    """
    message = {
        "text": text,
        "intent": {"name": ranking[0][0], "confidence": ranking[0][1]},
        "intent_ranking": [{"name": n, "confidence": c} for n, c in ranking],
        "metadata": {"lang": "en", "channel": "web"},
        "encoding": {"version": "other", "parts": parts or []},
    }
    users = [
        {"event": "user", "parse_data": {"intent": {"name": name}}}
        for name in (*before, ranking[0][0])
    ]
    tracker = Tracker("x", slots or {}, message, users, False, None, {}, "action_listen")
    dispatcher = CollectingDispatcher()
    events = action.run(dispatcher, tracker, {})
    assert len(dispatcher.messages) == 1
    custom: dict[str, Any] = dispatcher.messages[0]["custom"]
    return custom, {e["name"]: e.get("value") for e in events}


def test_a_sure_topic_is_answered_and_remembered() -> None:
    said, slots = run(ActionAnswer(), "what is an eeg", [("eeg", 0.9), ("signs", 0.05)])
    assert [m["topic"] for m in said["messages"]] == ["eeg"]
    assert slots["topic"] == "eeg"
    assert slots["shown"]
    assert said["explain"]["intents"][0] == {"name": "eeg", "confidence": 0.9}


def test_beside_an_answer_that_is_not_plain_stands_what_else_was_meant() -> None:
    ranking = [("eeg", 0.6), ("diagnosis", 0.2), ("signs", 0.05)]
    said, slots = run(ActionAnswer(), "the test with wires", ranking)
    assert [(m["kind"], m["topic"]) for m in said["messages"]] == [
        ("answer", "eeg"),
        ("choice", None),
    ]
    assert [b["topic"] for b in said["messages"][1]["buttons"]] == ["diagnosis"]
    assert slots["offered"] == ["diagnosis"]
    assert slots["topic"] == "eeg"


@pytest.mark.parametrize(
    ("text", "ranking", "by", "rule"),
    [
        ("what is an eeg", [("eeg", 0.9)], "answer", "sure"),
        ("zzz", [("pain", 0.2), ("signs", 0.19)], "choice", "unsure"),
        ("what dose of prednisolone", [("hormonal_therapy", 0.9)], "refused", "sure"),
        ("What is an EEG?", [("pain", 0.9)], "tap", None),
    ],
)
def test_what_chose_the_reply_is_explained(
    text: str, ranking: list[tuple[str, float]], by: str, rule: str | None
) -> None:
    said, _ = run(ActionAnswer(), text, ranking)
    decision = said["explain"]["decision"]
    assert (decision["by"], decision.get("rule")) == (by, rule)
    if rule:
        assert decision["limits"]["sure"] == 0.5
        assert isinstance(decision["agrees"], bool)


def test_an_unsure_topic_is_offered_with_others() -> None:
    ranking = [("pain", 0.2), ("signs", 0.19), ("other_medical", 0.18), ("eeg", 0.1)]
    said, slots = run(ActionAnswer(), "zzz", ranking)
    assert said["messages"][0]["kind"] == "choice"
    assert slots["offered"] == ["pain", "signs", "other_medical"]
    assert "topic" not in slots


def test_two_questions_get_two_answers_in_order() -> None:
    parts = [
        {"text": "what is an eeg", "topics": {"diagnosis": 0.1, "eeg": 0.8}},
        {"text": "does it hurt", "topics": {"pain": 0.9}},
    ]
    said, slots = run(ActionAnswer(), "both", [("pain", 0.5), ("eeg", 0.4)], parts=parts)
    assert [m["topic"] for m in said["messages"]] == ["eeg", "pain"]
    # The line under both is said once.
    assert [m["notice"] is None for m in said["messages"]] == [False, True]
    assert slots["topic"] == "pain"


def test_a_dose_is_refused_whatever_the_prediction() -> None:
    said, _ = run(ActionAnswer(), "what dose of prednisolone", [("hormonal_therapy", 0.9)])
    message = said["messages"][0]
    assert (message["kind"], message["topic"]) == ("fallback", "other_medical")
    assert "Never change, skip, double or stop" in message["notice"]


def test_a_dose_beside_a_question_is_refused_and_the_question_answered() -> None:
    parts = [
        {"text": "what is vigabatrin", "topics": {"vigabatrin": 0.9}},
        {"text": "how many mg for 9 kg", "topics": {"vigabatrin": 0.7}},
    ]
    text = "what is vigabatrin and how many mg for 9 kg"
    said, _ = run(ActionAnswer(), text, [("vigabatrin", 0.9)], parts=parts)
    assert [m["topic"] for m in said["messages"]] == ["vigabatrin", "other_medical"]


@pytest.mark.parametrize("best", [("other_medical", 0.9), ("program", 0.3)])
def test_what_no_topic_covers_is_shown_in_the_pages_own_words(best: tuple[str, float]) -> None:
    question = "is your pediatric epilepsy center nationally recognized for high-level care"
    said, _ = run(ActionAnswer(), question, [best, ("who_treats", 0.05)])
    message = said["messages"][0]
    assert (message["kind"], message["verbatim"]) == ("answer", True)
    assert message["citations"][0]["quote"].startswith("Advanced seizure care")


def test_the_words_of_an_offer_pick_it() -> None:
    ranking = [("signs", 0.4), ("eeg", 0.3)]
    said, _ = run(ActionAnswer(), "the brain wave one", ranking, {"offered": ["eeg", "pain"]})
    assert said["messages"][0]["topic"] == "eeg"


def test_a_tapped_question_is_never_misunderstood() -> None:
    said, _ = run(ActionAnswer(), "¿Qué puedo preguntar aquí?", [("bot_identity", 0.9)])
    assert said["messages"][0]["topic"] == "off_topic"


def test_nothing_known_is_not_guessed() -> None:
    said, events = run(ActionOfferChoice(), "zzz xyzzy", [("nlu_fallback", 0.4)])
    # Else Rasa falls back on the same action again, ten times over.
    assert "action_listen" in events
    assert said["messages"][0]["topic"] is None
    assert said["messages"][0]["buttons"]


OFFER = ("eeg", "diagnosis", "who_treats")


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("2", "diagnosis"),
        ("the first one", "eeg"),
        ("number 3 please", "who_treats"),
        ("la segunda", "diagnosis"),
        ("última", "who_treats"),
        ("4", None),
        ("hello", None),
        ("12", None),
    ],
)
def test_picked(text: str, topic: str | None) -> None:
    assert picked(text, OFFER) == topic


def test_a_pick_is_answered() -> None:
    said, _ = run(ActionChoose(), "2", [("choose", 0.9)], {"offered": list(OFFER)})
    assert said["messages"][0]["topic"] == "diagnosis"


def test_a_wrong_pick_is_offered_again() -> None:
    said, slots = run(ActionChoose(), "7", [("choose", 0.9)], {"offered": list(OFFER)})
    assert slots["offered"] == list(OFFER)
    assert said["messages"][0]["kind"] == "choice"


@pytest.mark.parametrize(
    ("topic", "intent", "answered", "holds"),
    [
        ("hormonal_therapy", "follow_up_duration", "hormonal_therapy", "about one month"),
        ("vigabatrin", "follow_up_other", "hormonal_therapy", "steroids"),
        ("vigabatrin", "follow_up_risk", "vigabatrin_vision", "vision"),
        ("hormonal_therapy", "follow_up_risk", "other_medical", "does not answer"),
        ("pain", "follow_up_duration", "pain", "does not say more"),
    ],
)
def test_follow_ups(topic: str, intent: str, answered: str, holds: str) -> None:
    said, _ = run(ActionFollowUp(), "?", [(intent, 0.9)], {"topic": topic, "shown": []})
    assert said["messages"][0]["topic"] == answered
    assert holds in said["messages"][0]["text"]


def test_a_follow_up_on_two_treatments_offers_both() -> None:
    said, slots = run(ActionFollowUp(), "?", [("follow_up_duration", 0.9)], {"topic": "treatment"})
    assert said["messages"][0]["kind"] == "choice"
    assert slots["offered"] == ["hormonal_therapy", "vigabatrin"]


def test_tell_me_more_goes_on_through_the_section() -> None:
    shown = ["An electroencephalogram (EEG) is the main test for IESS."]
    said, slots = run(
        ActionFollowUp(),
        "more",
        [("follow_up_more", 0.9)],
        {"topic": "eeg", "shown": spans_of(shown)},
    )
    assert said["messages"][0]["verbatim"]
    assert said["messages"][0]["citations"][0]["quote"] not in shown
    assert spans_of(shown)[0] in slots["shown"]


def test_where_does_it_say_that_shows_the_quotes() -> None:
    shown = ["An electroencephalogram (EEG) is the main test for IESS."]
    said, _ = run(
        ActionFollowUp(),
        "where",
        [("follow_up_source", 0.9)],
        {"topic": "eeg", "shown": spans_of(shown)},
    )
    assert shown[0] in said["messages"][0]["text"]


def test_a_vector_of_another_encoder_is_not_used() -> None:
    turn = Turn.read(
        Tracker("x", {}, {"text": "a", "encoding": {"version": "other"}}, [], False, None, {}, "")
    )
    assert turn.vector is None


@pytest.mark.parametrize(
    ("level", "kind", "texts"),
    [
        ("routine", None, ["EEG"]),
        ("urgent", "spasms", ["Seek urgent neurology care today", "EEG"]),
        ("emergency", "not_breathing", ["Call 911"]),
    ],
)
def test_without_the_gateway_danger_still_comes_first(
    level: str, kind: str | None, texts: list[str]
) -> None:
    message = {
        "text": "what is an eeg",
        "intent": {"name": "eeg"},
        "intent_ranking": [{"name": "eeg", "confidence": 0.9}],
        "triage": {"level": level, "kind": kind, "rules": []},
    }
    tracker = Tracker("x", {}, message, [], False, None, {}, "action_listen")
    dispatcher = CollectingDispatcher()
    ActionAnswer().run(dispatcher, tracker, {})
    said = [m["text"] for m in dispatcher.messages]
    assert len(said) == len(texts)
    assert all(part in whole for part, whole in zip(texts, said, strict=True))


def test_spans_stand_for_quotes() -> None:
    quote = "Your child receives this treatment for about one month."
    assert quotes_of(spans_of([quote, "not on the page"])) == (quote,)


@pytest.mark.parametrize(
    ("text", "slots", "kind", "topic"),
    [
        ("ok", {"topic": "eeg"}, "smalltalk", "thanks"),
        ("ok gracias", {}, "smalltalk", "thanks"),
        ("👍", {"offered": ["eeg"]}, "answer", "eeg"),
        ("sí", {"offered": ["eeg"]}, "answer", "eeg"),
        ("yes", {"offered": ["eeg", "pain"]}, "choice", None),
        ("yes", {"topic": "eeg"}, "fallback", None),
        ("neither", {"offered": ["eeg", "pain"]}, "fallback", None),
        ("ninguna de esas", {"offered": ["eeg", "pain"]}, "fallback", None),
        ("no", {"offered": ["eeg", "pain"]}, "fallback", None),
        ("no", {}, "smalltalk", "thanks"),
        ("stop", {"topic": "treatment"}, "fallback", None),
        ("no entiendo", {"topic": "eeg"}, "fallback", None),
        ("say it simpler", {}, "fallback", None),
        ("I have 2 questions", {}, "fallback", None),
        ("tengo una pregunta", {}, "fallback", None),
        ("tell me more", {}, "fallback", None),
        ("She's 5 months old", {}, "fallback", None),
        ("mi bebé tiene 8 meses", {"topic": "eeg"}, "fallback", None),
        ("6 mo", {"topic": "eeg"}, "fallback", None),
    ],
)
@pytest.mark.parametrize("action", [ActionAnswer(), ActionChoose(), ActionFollowUp()])
def test_a_short_reply_means_the_same_whatever_it_was_taken_for(
    action: Any, text: str, slots: dict[str, Any], kind: str, topic: str | None
) -> None:
    said, _ = run(action, text, [("goodbye", 0.9), ("treatment", 0.1)], slots)
    assert [(m["kind"], m["topic"]) for m in said["messages"]] == [(kind, topic)]


def test_neither_does_not_offer_the_same_again() -> None:
    said, after = run(ActionChoose(), "neither", [("choose", 0.9)], {"offered": ["eeg", "pain"]})
    assert said["messages"][0]["buttons"] == ()
    assert after["offered"] == []
    assert "{phone}" not in said["messages"][0]["text"]


def test_tell_me_more_is_known_without_a_story() -> None:
    slots = {"topic": "eeg", "shown": []}
    said, _ = run(ActionOfferChoice(), "tell me more", [("nlu_fallback", 0.4)], slots)
    assert said["messages"][0]["topic"] == "eeg"


def test_of_death_it_says_that_the_page_does_not_answer() -> None:
    said, _ = run(ActionAnswer(), "can she die from this", [("causes", 0.9), ("pain", 0.05)])
    assert [(m["kind"], m["topic"]) for m in said["messages"]] == [("fallback", "other_medical")]


STEROIDS = {"topic": "hormonal_therapy"}


@pytest.mark.parametrize(
    ("intent", "confidence", "slots", "before", "kind"),
    [
        ("follow_up_why", 0.9, STEROIDS, "hormonal_therapy", "fallback"),
        ("follow_up_duration", 0.9, {"topic": "eeg"}, "follow_up_more", "fallback"),
        # Nothing was answered just before it, it names nothing, or it is no plain follow-up.
        ("follow_up_why", 0.9, {}, "other_medical", "choice"),
        ("follow_up_why", 0.9, STEROIDS, "other_medical", "choice"),
        ("follow_up_why", 0.9, STEROIDS | {"offered": ["pain"]}, "eeg", "choice"),
        ("follow_up_other", 0.9, {"topic": "eeg"}, "eeg", "choice"),
        ("follow_up_why", 0.2, STEROIDS, "hormonal_therapy", "choice"),
    ],
)
def test_a_follow_up_that_the_page_gives_no_answer_to_is_about_the_last_answer(
    intent: str, confidence: float, slots: dict[str, Any], before: str, kind: str
) -> None:
    ranking = [(intent, confidence), ("causes", 0.1), ("pain", 0.05)]
    said, _ = run(ActionOfferChoice(), "and why", ranking, slots, before=[before])
    assert [m["kind"] for m in said["messages"]] == [kind]
    if kind == "fallback":
        assert said["messages"][0]["topic"] == slots["topic"]
        assert "does not say more" in said["messages"][0]["text"]


@pytest.mark.parametrize(
    ("text", "topic", "before", "wanted"),
    [
        ("does it hurt?", "eeg", "eeg", ("fallback", "eeg")),
        ("y le duele", "surgery", "surgery", ("fallback", "surgery")),
        # Of the spasms, the page says it; and who names something asks about that.
        ("does it hurt?", "signs", "signs", ("answer", "pain")),
        ("do spasms hurt", "eeg", "eeg", ("answer", "pain")),
        ("does it hurt?", "eeg", "other_medical", ("answer", "pain")),
    ],
)
def test_does_it_hurt_asks_about_the_test_just_spoken_of(
    text: str, topic: str, before: str, wanted: tuple[str, str]
) -> None:
    said, after = run(ActionAnswer(), text, [("pain", 0.95)], {"topic": topic}, before=[before])
    assert (said["messages"][0]["kind"], said["messages"][0]["topic"]) == wanted
    assert after.get("topic", topic) == (topic if wanted[0] == "fallback" else "pain")


@pytest.mark.parametrize("text", ["that's what my baby does", "eso hace mi nieto", "igualito"])
def test_a_child_that_does_what_was_described_is_a_suspicion(text: str) -> None:
    said, _ = run(ActionAnswer(), text, [("signs", 0.9)], {"topic": "signs"})
    assert said["raise"] == {"level": "urgent", "kind": "spasms"}
    assert said["messages"] == []


@pytest.mark.parametrize(
    ("text", "topic"), [("he doesn't do that", "signs"), ("he does that", "eeg"), ("ok", "signs")]
)
def test_else_nothing_is_raised(text: str, topic: str) -> None:
    said, _ = run(ActionAnswer(), text, [("signs", 0.9)], {"topic": topic})
    assert "raise" not in said
