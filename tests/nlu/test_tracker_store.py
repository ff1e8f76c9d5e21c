from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.nlu.tracker_store import BoundedTrackerStore
from bot.nlu.turn import TURN, Turn
from tests.nlu.conftest import ROOT

DOMAIN = Domain.load(ROOT / "domain.yml")


def store(
    path: Path, max_events: int = 60, secrets: Sequence[str] = ("k" * 40,)
) -> BoundedTrackerStore:
    return BoundedTrackerStore(
        DOMAIN, db=f"sqlite:///{path / 'rasa.sqlite'}", max_events=max_events, secrets=secrets
    )


def told(text: str) -> UserUttered:
    """A message as Rasa's pipeline leaves it: words in many places."""
    parse = {
        "text": text,
        "intent": {"name": "eeg", "confidence": 0.9},
        "encoding": {"vector": "x", "parts": [{"text": text}]},
        "text_tokens": [(0, 4)],
    }
    entity = {"entity": "name", "value": text}
    return UserUttered(text, parse["intent"], [entity], parse, metadata={"lang": text})


def test_a_conversation_outlives_a_restart(tmp_path: Path) -> None:
    tracker = DialogueStateTracker("abc", DOMAIN.slots)
    tracker.update(SlotSet("topic", "eeg"))
    asyncio.run(store(tmp_path).save(tracker))
    loaded = asyncio.run(store(tmp_path).retrieve("abc"))
    assert loaded is not None
    assert loaded.get_slot("topic") == "eeg"


def test_history_is_bounded_and_slots_stay(tmp_path: Path) -> None:
    bounded = store(tmp_path, max_events=10)
    tracker = asyncio.run(bounded.get_or_create_tracker("abc"))
    tracker.update(SlotSet("topic", "eeg"))
    for number in range(50):
        tracker.update(UserUttered(str(number)))
    asyncio.run(bounded.save(tracker))
    loaded = asyncio.run(bounded.retrieve("abc"))
    assert loaded is not None
    assert len(loaded.events) <= 10 + len(DOMAIN.slots)
    assert loaded.get_slot("topic") == "eeg"
    assert len(list(loaded.applied_events())) > 5


def test_an_open_form_outlives_the_bound(tmp_path: Path) -> None:
    bounded = store(tmp_path, max_events=10)
    tracker = asyncio.run(bounded.get_or_create_tracker("abc"))
    tracker.update(ActiveLoop("spasm_check_form"))
    tracker.update(SlotSet("requested_slot", "check_age"))
    for number in range(50):
        tracker.update(UserUttered(str(number)))
    asyncio.run(bounded.save(tracker))
    loaded = asyncio.run(bounded.retrieve("abc"))
    assert loaded is not None
    assert loaded.active_loop_name == "spasm_check_form"
    assert loaded.get_slot("requested_slot") == "check_age"
    loaded.update(ActiveLoop(None))
    asyncio.run(bounded.save(loaded))
    again = asyncio.run(bounded.retrieve("abc"))
    assert again is not None
    assert again.active_loop_name is None


def test_unknown_and_forgotten_are_none(tmp_path: Path) -> None:
    one = store(tmp_path)
    assert asyncio.run(one.retrieve("nobody")) is None
    asyncio.run(one.save(DialogueStateTracker("abc", DOMAIN.slots)))
    asyncio.run(one.delete("abc"))
    assert asyncio.run(one.retrieve("abc")) is None
    assert list(asyncio.run(one.keys())) == []


@pytest.fixture
def turn() -> Iterator[Turn]:
    """A message on its way, which has its answer."""
    made = Turn("m1", [{"text": "said"}])
    token = TURN.set(made)
    yield made
    TURN.reset(token)


def test_a_paused_rasa_overwrites_nothing(tmp_path: Path, turn: Turn) -> None:
    paused, other = store(tmp_path), store(tmp_path)

    async def race() -> None:
        first = await paused.get_or_create_tracker("abc")
        await paused.save(first)
        stale = await paused.retrieve("abc")
        newer = await other.retrieve("abc")
        assert stale is not None
        assert newer is not None
        newer.update(SlotSet("topic", "eeg"))
        await other.save(newer)
        assert not turn.outrun
        stale.update(SlotSet("topic", "signs"))
        await paused.save(stale)
        assert turn.outrun
        kept = await other.retrieve("abc")
        assert kept is not None
        assert kept.get_slot("topic") == "eeg"

    asyncio.run(race())


def test_one_of_two_first_messages_is_kept(tmp_path: Path, turn: Turn) -> None:
    one, other = store(tmp_path), store(tmp_path)

    async def race() -> None:
        first, second = one.init_tracker("abc"), other.init_tracker("abc")
        await one.save(first)
        await other.save(second)

    asyncio.run(race())
    assert turn.outrun


def test_what_a_family_has_deleted_stays_deleted(tmp_path: Path, turn: Turn) -> None:
    one = store(tmp_path)

    async def race() -> None:
        await one.save(one.init_tracker("abc"))
        reading = await one.retrieve("abc")
        assert reading is not None
        await one.delete("abc")
        await one.save(reading)
        assert await one.retrieve("abc") is None

    asyncio.run(race())
    assert turn.outrun


def test_a_message_that_is_sent_again_changes_nothing(tmp_path: Path, turn: Turn) -> None:
    one = store(tmp_path)

    async def again() -> None:
        tracker = one.init_tracker("abc")
        tracker.update(UserUttered("yes", message_id="m1"))
        tracker.update(BotUttered(None, {"custom": {"messages": ["next question"]}}))
        await one.save(tracker)
        repeated = await one.retrieve("abc")
        assert repeated is not None
        assert turn.before == [{"recipient_id": "abc", "custom": {"messages": ["next question"]}}]
        repeated.update(UserUttered("yes", message_id="m1"))
        await one.save(repeated)
        kept = await one.retrieve("abc")
        assert kept is not None
        assert sum(isinstance(event, UserUttered) for event in kept.events) == 1

    asyncio.run(again())
    assert not turn.outrun


def test_what_nobody_answered_and_probes_leave_no_trace(tmp_path: Path, turn: Turn) -> None:
    one = store(tmp_path)
    turn.said.clear()
    asyncio.run(one.save(one.init_tracker("abc")))
    turn.said.append({"text": "said"})
    turn.kept = False
    asyncio.run(one.save(one.init_tracker("abc")))
    assert list(asyncio.run(one.keys())) == []


def test_the_table_of_an_older_release_is_taken_over(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'rasa.sqlite'}"
    asyncio.run(store(tmp_path).save(DialogueStateTracker("abc", DOMAIN.slots)))
    with sa.create_engine(url, future=True).begin() as connection:
        connection.execute(sa.text("ALTER TABLE rasa_trackers DROP COLUMN version"))
    one = store(tmp_path)
    tracker = asyncio.run(one.retrieve("abc"))
    assert tracker is not None
    tracker.update(SlotSet("topic", "eeg"))
    asyncio.run(one.save(tracker))
    again = asyncio.run(one.retrieve("abc"))
    assert again is not None
    assert again.get_slot("topic") == "eeg"


def test_a_conversation_goes_on_while_the_database_is_away(tmp_path: Path, turn: Turn) -> None:
    one = store(tmp_path)
    turn.message_id = None
    working = one._engine

    async def talk() -> None:
        tracker = await one.get_or_create_tracker("abc")
        await one.save(tracker)
        one._engine = sa.create_engine(f"sqlite:///{tmp_path}", future=True)  # a folder
        for topic in ("eeg", "signs"):
            away = await one.retrieve("abc")
            assert away is not None
            away.update(SlotSet("topic", topic))
            await one.save(away)
        begun = one.init_tracker("new")
        begun.update(SlotSet("topic", "pain"))
        await one.save(begun)
        one._engine = working
        assert await one.retrieve("nobody") is None
        # Another Rasa finds it all, as soon as anybody has written here.
        for sender, topic in (("abc", "signs"), ("new", "pain")):
            found = await store(tmp_path).retrieve(sender)
            assert found is not None
            assert found.get_slot("topic") == topic

    asyncio.run(talk())
    assert not turn.outrun


def test_a_database_that_fails_is_an_unknown_conversation(tmp_path: Path) -> None:
    one = store(tmp_path)
    one._engine = sa.create_engine(f"sqlite:///{tmp_path}", future=True)
    assert asyncio.run(one.retrieve("abc")) is None


def test_an_error_of_the_database_quotes_no_conversation(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    one = store(tmp_path)
    tracker = one.init_tracker("abc")
    tracker.update(UserUttered("what a family wrote"))
    with sa.create_engine(f"sqlite:///{tmp_path / 'rasa.sqlite'}", future=True).begin() as other:
        other.execute(sa.text("DROP TABLE rasa_trackers"))
    asyncio.run(one.save(tracker))
    with pytest.raises(sa.exc.OperationalError) as caught:
        one._write("abc", "what a family wrote", 0)
    assert "OperationalError" in caplog.text
    assert "family" not in caplog.text + str(caught.value)


def rows(path: Path) -> list[str]:
    with sqlite3.connect(path / "rasa.sqlite") as connection:
        return [row[0] for row in connection.execute("SELECT tracker FROM rasa_trackers")]


def test_no_words_of_a_family_are_kept(tmp_path: Path) -> None:
    one = store(tmp_path)
    tracker = asyncio.run(one.get_or_create_tracker("abc"))
    for event in (
        told("Maria Lopez, MRN 4471"),
        ActionExecuted("validate_spasm_check_form"),
        BotUttered("", {"custom": {"messages": ["Maria"]}}),
        SlotSet("check_age", "Maria is 5 months"),
    ):
        tracker.update(event)
    asyncio.run(one.save(tracker))
    loaded = asyncio.run(one.retrieve("abc"))
    assert loaded is not None
    assert loaded.latest_message is not None
    assert loaded.latest_message.intent_name == "eeg"
    assert loaded.get_slot("check_age") is None
    assert "Lopez" not in one.serialise_tracker(loaded)
    assert "4471" not in one.serialise_tracker(loaded)
    assert "5 months" not in one.serialise_tracker(loaded)
    # The last reply stays, sealed, for a message that is sent again; with the next one it goes.
    loaded.update(UserUttered("thanks"))
    asyncio.run(one.save(loaded))
    later = asyncio.run(one.retrieve("abc"))
    assert later is not None
    assert "Maria" not in one.serialise_tracker(later)
    # The turn itself still has them: only what is stored forgets.
    assert "Maria" in one.serialise_tracker(tracker)


def test_what_the_guided_check_must_remember_is_sealed(tmp_path: Path) -> None:
    one = store(tmp_path)
    tracker = asyncio.run(one.get_or_create_tracker("abc"))
    tracker.update(SlotSet("check_age", {"picks": [], "text": "Maria is 5 months"}))
    asyncio.run(one.save(tracker))
    assert all("Maria" not in row and "check_age" not in row for row in rows(tmp_path))
    loaded = asyncio.run(one.retrieve("abc"))
    assert loaded is not None
    assert loaded.get_slot("check_age")["text"] == "Maria is 5 months"


def test_a_check_that_is_over_leaves_no_answers(tmp_path: Path) -> None:
    one = store(tmp_path)
    tracker = asyncio.run(one.get_or_create_tracker("abc"))
    for value in ("Maria", {"picks": [], "text": "Maria is 5 months"}, None):
        tracker.update(SlotSet("check_age", value))
    tracker.update(SlotSet("topic", "eeg"))
    asyncio.run(one.save(tracker))
    loaded = asyncio.run(one.retrieve("abc"))
    assert loaded is not None
    assert "Maria" not in one.serialise_tracker(loaded)
    assert (loaded.get_slot("check_age"), loaded.get_slot("topic")) == (None, "eeg")


def test_keys_are_rotated_without_losing_a_conversation(tmp_path: Path) -> None:
    tracker = DialogueStateTracker("abc", DOMAIN.slots)
    tracker.update(SlotSet("topic", "eeg"))
    asyncio.run(store(tmp_path, secrets=["old" * 12]).save(tracker))
    rotated = store(tmp_path, secrets=["new" * 12, "old" * 12])
    loaded = asyncio.run(rotated.retrieve("abc"))
    assert loaded is not None
    assert loaded.get_slot("topic") == "eeg"
    # Without the old key, the conversation begins anew, and nothing fails.
    anew = asyncio.run(store(tmp_path, secrets=["new" * 12]).retrieve("abc"))
    assert anew is not None
    assert anew.get_slot("topic") is None
    asyncio.run(rotated.save(loaded))
    assert asyncio.run(store(tmp_path, secrets=["new" * 12]).retrieve("abc")) is not None


def test_rows_in_clear_of_an_older_version_are_wiped(tmp_path: Path) -> None:
    store(tmp_path)
    with sqlite3.connect(tmp_path / "rasa.sqlite") as connection:
        connection.execute("INSERT INTO rasa_trackers VALUES ('abc', '{\"events\": []}', 1.0, 1)")
    store(tmp_path)
    assert rows(tmp_path) == []
