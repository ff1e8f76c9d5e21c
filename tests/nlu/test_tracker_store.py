from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.nlu.tracker_store import BoundedTrackerStore
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
    assert "Maria" not in one.serialise_tracker(loaded)
    assert "4471" not in one.serialise_tracker(loaded)
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
    assert asyncio.run(store(tmp_path, secrets=["new" * 12]).retrieve("abc")) is None
    asyncio.run(rotated.save(loaded))
    assert asyncio.run(store(tmp_path, secrets=["new" * 12]).retrieve("abc")) is not None


def test_rows_in_clear_of_an_older_version_are_wiped(tmp_path: Path) -> None:
    store(tmp_path)
    with sqlite3.connect(tmp_path / "rasa.sqlite") as connection:
        connection.execute("INSERT INTO rasa_trackers VALUES ('abc', '{\"events\": []}', 1.0)")
    store(tmp_path)
    assert rows(tmp_path) == []
