"""Try it: replies by both channels and why; nothing of it is kept but under its own link."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from bot.gateway.dialogue import Dialogue, Incoming
from bot.gateway.service import Service
from bot.gateway.sms.texts import SmsTexts, load_texts
from bot.gateway.staff.desk import Desk
from bot.gateway.staff.tryout import Player, unlike
from bot.gateway.staff.why import explain
from bot.hospital import Hospital
from bot.reply import Message, Reply, SafetyCatalogue
from bot.store.conversations import CONVERSATIONS
from bot.store.tryouts import TRYOUTS
from tests.conftest import DATA
from tests.gateway.conftest import ScriptedRasa, WatchedTrackers
from tests.gateway.staff.conftest import As

DANGER = "his lips are blue and hes not breathing"


@pytest.fixture(scope="module")
def texts(hospital: Hospital) -> SmsTexts:
    return load_texts(DATA / "safety" / "sms.yml", hospital)


@pytest.fixture
def player(service: Service, safety: SafetyCatalogue, texts: SmsTexts) -> Player:
    return Player(service.dialogue, service.forget, service.tokens, safety, texts)


async def said_by_sms(player: Player, *turns: str) -> list[list[str]]:
    told = await player.play(turns)
    return [[bubble.kind for bubble in one.phone.bubbles] for one in told]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.anyio
async def test_both_channels_answer_and_nothing_is_kept(
    player: Player, service: Service, trackers: WatchedTrackers, rasa: ScriptedRasa
) -> None:
    told = await player.play(["what is an eeg", DANGER, "is it safe"])
    assert [reply and reply.urgency for one in told for reply in one.replies.values()] == [
        *("routine", "routine"),
        *("emergency", "emergency"),
        *("emergency", "emergency"),
    ]
    assert told[0].turn.bubbles[0].kind == "answer"
    assert [b.kind for b in told[0].phone.bubbles] == ["intro", "answer", "notice"]
    assert {body["metadata"]["channel"] for body in rasa.seen} == {"web", "sms"}
    with service.store.engine.begin() as connection:
        count = sa.select(sa.func.count()).select_from(CONVERSATIONS)
        assert connection.execute(count).scalar() == 0
    assert set(trackers.forgotten) == {body["sender"] for body in rasa.seen}


@pytest.mark.anyio
async def test_a_preview_is_marked_as_one(
    player: Player, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Incoming] = []
    real = Dialogue.respond

    async def watch(self: Dialogue, incoming: Incoming) -> Reply:
        seen.append(incoming)
        return await real(self, incoming)

    monkeypatch.setattr(Dialogue, "respond", watch)
    await player.play(["hello"])
    assert [incoming.preview for incoming in seen] == [True, True]


@pytest.mark.anyio
async def test_it_is_forgotten_where_answering_fails(
    player: Player, trackers: WatchedTrackers, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_self: Dialogue, _incoming: Incoming) -> Reply:
        raise RuntimeError

    monkeypatch.setattr(Dialogue, "respond", fail)
    with pytest.raises(RuntimeError):
        await player.play(["hello"])
    assert trackers.forgotten


@pytest.mark.anyio
async def test_the_sms_line_answers_its_own_words(player: Player, rasa: ScriptedRasa) -> None:
    assert await said_by_sms(player, "STOP", "what is an eeg", "START", "what is an eeg") == [
        ["stop"],
        [],
        ["start"],
        ["answer", "notice"],
    ]
    assert await said_by_sms(player, "help", DANGER, "HELP", "delete") == [
        ["help"],
        ["safety", "intro"],
        ["safety"],
        ["delete"],
    ]
    assert await said_by_sms(player, "please stop texting me", "hello") == [["stop"], []]
    assert await said_by_sms(player, "more") == [["intro", "answer", "notice"]]


@pytest.mark.anyio
async def test_more_gives_the_rest(
    player: Player, rasa: ScriptedRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = "This is a sentence that a family reads on an old phone. " * 14
    monkeypatch.setattr(
        rasa, "messages", lambda *_: [Message("answer", "eeg", long, notice="Call us.")]
    )
    (first, second, third) = await player.play(["what is an eeg", "MORE", "more"])
    asked = [b.text for b in first.phone.bubbles if b.asked]
    assert [b.text for b in second.phone.bubbles] == asked[:1]
    assert [b.text for b in third.phone.bubbles] == asked[1:]


@pytest.mark.anyio
async def test_a_long_message_is_told_so(player: Player) -> None:
    (told,) = await player.play(["hello " * 500])
    assert told.replies == {"web": None, "sms": None}
    assert "shorter" in told.said["web"]
    assert "shorter" in told.said["sms"]


def test_only_what_differs_is_shown() -> None:
    assert unlike({"web": "a", "sms": "b"}, {"web": "a", "sms": "c"}) == {"sms": "b"}


EXPLAINED: dict[str, Any] = {
    "rules": [{"id": "r1", "level": "emergency", "kind": "x", "matched": "not breathing"}],
    "lowered": [],
    "flags": ["past"],
    "voices": ("rules", "learned"),
    "kind": "not_breathing",
    "levels": {"routine": 0.1, "emergency": 0.9},
    "engine": "answered",
    "intents": [{"name": "eeg", "confidence": 0.36}],
    "passages": [
        {"text": "t", "section": "s", "span": [0, 1], "score": 0.5, "lexical": 0.1, "dense": 0.6}
    ],
    "decision": {"by": "answer", "rule": "agreed", "agrees": True, "limits": {}},
    "action_ms": 4.0,
    "ms": {"triage": 0.2, "engine": 20.0, "total": 21.0},
}
LIMITS = {"sure": 0.4, "agreed": 0.35, "outside": 0.25}


def explained(**changes: Any) -> Reply:
    decision = {**EXPLAINED["decision"], "limits": LIMITS, **changes.pop("decision", {})}
    found = {**EXPLAINED, **changes, "decision": decision}
    return Reply("c", "en", "emergency", "emergency", (Message("answer", "eeg", "x"),), found)


def test_the_two_kinds_of_question_that_the_page_does_not_answer_are_told_to_count_together() -> (
    None
):
    intents = [{"name": n, "confidence": 0.2} for n in ("off_topic", "other_medical")]
    assert "count together" in explain("x", explained(intents=intents)).limit
    assert "count together" not in explain("x", explained()).limit


def test_the_reasons_in_plain_words() -> None:
    why = explain("He is NOT breathing", explained())
    assert [(p.text, p.marks) for p in why.message] == [
        ("He is ", ""),
        ("NOT breathing", "emergency"),
    ]
    assert why.raised_by == "the rules and the learned reader"
    assert why.limit == (
        "The best passages of the page back the same topic. So 35 % was enough; without that it"
        " would take 40 %."
    )
    assert [bar.percent for bar in why.levels] == ["90 %", "10 %"]
    assert dict(why.steps) == {
        "Rules": 0.2,
        "Understanding (Rasa)": 16.0,
        "Choosing the answer": 4.0,
        "Putting the reply together": 0.8,
    }
    assert why.topics == ("eeg",)


@pytest.mark.parametrize(
    ("decision", "words"),
    [
        ({"rule": "sure", "agrees": False}, "reached 40 %"),
        ({"rule": "unsure", "agrees": True}, "it would take 35 %."),
        ({"rule": "unsure", "agrees": False}, "it would take 40 %, or 35 % if they did."),
        ({"rule": "outside", "agrees": False}, "for that, 25 % is enough"),
        ({"rule": "unknown", "agrees": False}, "No topic was recognised"),
    ],
)
def test_which_limit_decided(decision: dict[str, Any], words: str) -> None:
    assert words in explain("x", explained(decision=decision)).limit


def test_without_an_engine_the_rules_are_still_explained() -> None:
    found = {key: EXPLAINED[key] for key in ("rules", "voices", "ms")}
    reply = Reply("c", "en", "emergency", "emergency", (), {**found, "engine": "down"})
    why = explain("not breathing", reply)
    assert "does not answer" in why.engine
    assert why.rules
    assert not why.intents


def start(as_role: As, messages: str, **form: str) -> tuple[Any, str]:
    """A signed-in viewer and the path of the conversation that it tried."""
    viewer = as_role("viewer")
    response = viewer.post("/staff/try", {"messages": messages, **form})
    assert response.status_code == 303, response.text
    return viewer, response.headers["location"]


def test_a_link_reproduces_a_conversation_for_staff_only(as_role: As, app: FastAPI) -> None:
    viewer, link = start(as_role, f"what is an eeg\n\n{DANGER}\n", channel="sms")
    page = viewer.get(link)
    assert page.status_code == 200
    assert '<mark class="emergency">' in page.text
    assert "Call 911" in page.text
    assert "has changed since" not in page.text
    assert as_role("viewer", "Another").get(link).status_code == 200
    signed_out = as_role(None).get(link)
    assert signed_out.status_code == 303
    assert "sign-in" in signed_out.headers["location"]
    assert viewer.get("/staff/try/unknown").status_code == 404


def test_what_was_said_then_stands_beside_what_is_said_now(as_role: As, rasa: ScriptedRasa) -> None:
    viewer, link = start(as_role, "what is it")
    rasa.topic = "vigabatrin"
    page = viewer.get(link).text
    assert "The reply has changed since" in page
    assert "<del>" in page
    assert "<ins>" in page


def test_going_on_makes_a_new_link_and_keeps_the_old(as_role: As) -> None:
    viewer, link = start(as_role, "what is an eeg")
    path = link.split("?")[0]
    went = viewer.post(f"{path}/say", {"text": "does it hurt"}).headers["location"]
    assert went.split("?")[0] != path
    assert "does it hurt" in viewer.get(went.split("#")[0]).text
    assert "does it hurt" not in viewer.get(link).text
    nothing = viewer.post(f"{path}/say", {"text": "  "})
    assert nothing.headers["location"].startswith(path)
    picked = viewer.post(f"{path}/say", {"pick": "3"}).headers["location"]
    assert 'dir="auto">3</p>' in viewer.get(picked.split("#")[0]).text


def test_deleting(as_role: As, desk: Desk) -> None:
    viewer, link = start(as_role, "what is an eeg")
    path = link.split("?")[0]
    assert viewer.post(f"{path}/delete").status_code == 303
    assert viewer.get(path).status_code == 404
    with desk.engine.begin() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(TRYOUTS)).scalar() == 0


@pytest.mark.parametrize("messages", ["", " \n ", "a\n" * 21, "a" * 20_001])
def test_what_cannot_be_tried_is_said_beside_the_field(as_role: As, messages: str) -> None:
    page = as_role("viewer").post("/staff/try", {"messages": messages})
    assert page.status_code == 422
    assert 'id="messages-error"' in page.text


def test_a_message_is_no_html(as_role: As, rasa: ScriptedRasa) -> None:
    evil = '<script>alert(1)</script> "><img src=x onerror=alert(2)> not breathing'
    viewer, link = start(as_role, evil)
    page = viewer.get(link).text
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert re.search(r'<mark class="emergency">[^<]*not breathing', page)


def test_rasa_down_is_said_and_triage_still_shown(as_role: As, rasa: ScriptedRasa) -> None:
    rasa.fail = "refused"
    viewer, link = start(as_role, "what is an eeg\nmy baby keeps crunching up when he wakes")
    page = viewer.get(link)
    assert page.status_code == 200
    assert "The language engine does not answer right now" in page.text
    assert '<mark class="urgent">' in page.text
    assert "Please call" in page.text


def test_the_log_of_actions_holds_no_word_of_it(as_role: As, desk: Desk) -> None:
    start(as_role, "is ana's baby fine")
    lines = [str(line) for line in desk.audit.entries()]
    assert any("tryout.keep" in line for line in lines)
    assert not any("ana" in line.split("tryout.keep")[-1] for line in lines)
