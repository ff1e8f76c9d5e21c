from __future__ import annotations

import asyncio
from pathlib import Path

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActiveLoop, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.nlu.tracker_store import BoundedTrackerStore
from tests.nlu.conftest import ROOT

DOMAIN = Domain.load(ROOT / "domain.yml")


def store(path: Path, max_events: int = 60) -> BoundedTrackerStore:
    return BoundedTrackerStore(
        DOMAIN, db=f"sqlite:///{path / 'rasa.sqlite'}", max_events=max_events
    )


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
    assert loaded.latest_message.text == "49"


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
