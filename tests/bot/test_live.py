"""What is published is told by every process, and nothing that is broken is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import yaml
from sqlalchemy.exc import OperationalError

from bot.compose import Composer, Voice
from bot.content import FORMS
from bot.curated import answer_yaml
from bot.doctor.content import texts
from bot.errors import ContentError
from bot.live import Content, LiveContent, LiveSafety, load_content, with_draft
from bot.overlay import base_body, page_body, parse
from bot.retrieval import Retriever
from bot.reviews import count_unsigned
from bot.settings import Settings, load_settings
from bot.store.content import ContentStore, Text
from bot.store.content_tables import Snapshot, Version
from bot.store.database import open_database
from bot.store.publishing import Publisher
from bot.store.staff import Staff
from tests.conftest import DATA, WordEncoder

ANNA = Staff(1, "Anna", "anna@hospital.example", "editor")
BEN = Staff(2, "Ben", "ben@hospital.example", "approver")
TODAY = dt.date(2026, 11, 26)
LATER = dt.date(2028, 11, 25)
WEB = Voice("en", "web")


@dataclass
class House:
    """One database with the processes that look at it."""

    settings: Settings
    engine: sa.Engine

    def __post_init__(self) -> None:
        self.store = ContentStore(self.engine)
        self.publisher = Publisher(self.engine)

    def check(self, snapshot: Snapshot) -> None:
        load_content(self.settings, snapshot)

    def sign(self, version: Version) -> Version:
        sent = self.store.submit(version.id, version.revision, ANNA)
        return self.store.approve(
            sent.id, sent.revision, sent.needs, BEN, on=TODAY, expires=LATER, translator="T. Ruiz"
        )

    def draft(self, kind: str, key: str, body: str, **more: Any) -> Version:
        live = self.store.snapshot().live.get((kind, key))
        text = Text(body, more.pop("needs", FORMS), more.pop("withdraws", False))
        base = live.id if live else None
        return self.store.begin(kind, key, text, ANNA, base=base, **more)

    def publish(self, kind: str, key: str, body: str, **more: Any) -> Version:
        version = self.sign(self.draft(kind, key, body, **more))
        self.publisher.publish(version.id, BEN, self.check)
        return version


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    engine = open_database(f"sqlite:///{tmp_path / 'bot.sqlite'}")
    yield House(load_settings({"VAR_DIR": str(tmp_path)}), engine)
    engine.dispose()


def said(content: Content, topic: str, voice: Voice = WEB, *, signed_only: bool = False) -> str:
    retriever = Retriever(content.page, WordEncoder(), content.glossary.synonyms())
    composer = Composer(
        content.library,
        retriever,
        content.hospital,
        content.safety,
        content.phrases.texts,
        signed_only=signed_only,
        answers_on=content.answers_on,
    )
    message = composer.answer(topic, voice)
    return f"{message.kind}: {message.text}"


def edited(topic: str, change: Callable[[dict[str, Any]], object]) -> str:
    raw = parse(base_body(DATA, "answer", topic), topic)
    change(raw)
    return answer_yaml(raw)


def say(text: str) -> Callable[[dict[str, Any]], object]:
    return lambda raw: raw["web"]["en"][0].update(say=text)


def test_what_is_published_is_told_by_every_process_that_looks(house: House) -> None:
    processes = [LiveContent(house.settings, house.store) for _ in range(3)]
    assert not any(process.look() for process in processes)
    house.publish("answer", "eeg", edited("eeg", say("The EEG is the main test for IESS.")))
    for process in processes:
        assert process.look()
        assert "The EEG is the main test for IESS." in said(process.content, "eeg")
        assert not process.look()
    house.publisher.put_back("answer", "eeg", None, BEN, house.check)
    for process in processes:
        assert process.look()
        assert "The EEG is the main test for IESS." not in said(process.content, "eeg")


def test_a_process_that_starts_later_tells_what_is_published(house: House) -> None:
    house.publish("answer", "eeg", edited("eeg", say("The EEG is the main test for IESS.")))
    content = LiveContent(house.settings, house.store).content
    assert "The EEG is the main test for IESS." in said(content, "eeg")
    review = content.library["eeg"].reviews.by_form["es_sms"]
    assert (review.by, review.on, review.expires, review.translator) == (
        "Ben",
        TODAY,
        LATER,
        "T. Ruiz",
    )


def test_a_signature_makes_an_answer_told_in_production_until_its_day(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = base_body(DATA, "answer", "eeg")
    house.publish("answer", "eeg", body, needs=("en",))
    content = LiveContent(house.settings, house.store).content
    assert said(content, "eeg", signed_only=True).startswith("answer:")
    assert said(content, "pain", signed_only=True).startswith("fallback:")
    assert said(content, "eeg", Voice("es", "web"), signed_only=True).startswith("fallback:")
    for day, kind in ((LATER, "answer"), (LATER + dt.timedelta(days=1), "fallback")):
        monkeypatch.setattr("bot.compose.today_utc", lambda day=day: day)
        assert said(content, "eeg", signed_only=True).startswith(f"{kind}:")


def test_a_signed_safety_text_the_check_and_the_phrases_count(house: House) -> None:
    live = LiveContent(house.settings, house.store)
    safety = LiveSafety(live)
    assert "emergency.choking" in safety.unsigned()
    for kind, key in (
        ("safety", "emergency.choking"),
        ("check", "spasm_check"),
        ("phrases", "phrases"),
    ):
        house.publish(kind, key, base_body(DATA, kind, key))
    assert live.look()
    assert "emergency.choking" not in safety.unsigned()
    assert live.content.check_reviews is not None
    assert live.content.check_reviews.unsigned == ()
    assert live.content.phrases.reviews.unsigned == ()


def test_a_changed_safety_text_is_said(house: House) -> None:
    live = LiveContent(house.settings, house.store)
    safety = LiveSafety(live)
    raw = parse(base_body(DATA, "safety", "emergency.choking"), "")
    raw["web"]["en"] = raw["web"]["en"].replace("[Call 911]", "[Call 911 now]", 1)
    house.publish("safety", "emergency.choking", yaml.safe_dump(raw, allow_unicode=True))
    live.look()
    assert "[Call 911 now]" in safety.message("emergency", "choking", "en", "web").text
    assert safety.say("emergency.seizure", "en", "web")


def test_a_text_whose_quote_is_lost_is_not_published(house: House) -> None:
    body = edited("eeg", lambda raw: raw["web"]["en"][0].update(quotes=["Not on the page."]))
    with pytest.raises(ContentError, match="Not on the page"):
        house.publish("answer", "eeg", body)
    assert house.store.mark() == 0


def test_what_cannot_be_served_leaves_the_last_good_content(house: House) -> None:
    live = LiveContent(house.settings, house.store)
    before = live.content
    version = house.sign(house.draft("answer", "eeg", "topic: [unfinished"))
    house.publisher.publish(version.id, BEN, lambda _: None)
    assert not live.look()
    assert live.content is before
    assert live.fault == "ContentError"
    house.publisher.put_back("answer", "eeg", None, BEN, house.check)
    assert live.look()
    assert live.fault == ""


def test_a_database_that_does_not_answer_leaves_the_last_good_content(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = LiveContent(house.settings, house.store)
    before = live.content

    def down() -> int:
        raise OperationalError("select", None, Exception("no connection"))

    with monkeypatch.context() as broken:
        broken.setattr(house.store, "mark", down)
        assert not live.look()
    assert live.content is before
    house.publisher.switch_answers(on=False, person=BEN, why="")
    assert live.look()
    assert live.fault == ""


def test_answers_off_leaves_safety_texts_and_phone_lines(house: House) -> None:
    live = LiveContent(house.settings, house.store)
    house.publisher.switch_answers(on=False, person=BEN, why="wrong page")
    live.look()
    for lang in ("en", "es"):
        for channel in ("web", "sms"):
            voice = Voice(lang, channel)
            told = said(live.content, "eeg", voice)
            assert told.startswith("fallback:")
            assert live.content.hospital.phone in told
            assert said(live.content, "human", voice).startswith("smalltalk:")
    assert "911" in LiveSafety(live).say("emergency.choking", "en", "web")


def test_a_withdrawn_answer_says_whom_to_call(house: House) -> None:
    live = LiveContent(house.settings, house.store)
    body = edited("eeg", lambda raw: raw.update(withdrawn=True))
    house.publisher.withdraw("answer", "eeg", Text(body, (), True), None, BEN, house.check)
    live.look()
    assert said(live.content, "eeg").startswith("fallback:")
    assert live.content.library["eeg"].question["en"]


LINE = "An electroencephalogram (EEG) is the main test for IESS."


def new_page(content: Content, text: str) -> str:
    return page_body(text, content.page.title, "2026-12-01", [])


def test_a_new_page_goes_live_with_the_answers_written_for_it(house: House) -> None:
    live = LiveContent(house.settings, house.store)
    text = live.content.page.text.replace(LINE, "The main test for IESS is an EEG.")
    page = house.draft("page", "iess", new_page(live.content, text), needs=("en",))
    signed = house.sign(page)
    with pytest.raises(ContentError, match="electroencephalogram"):
        house.publisher.publish(signed.id, BEN, house.check)
    users = [a.topic for a in live.content.library if LINE in quotes_of(live.content, a.topic)]
    for topic in users:
        changed = answer_yaml_with(topic, LINE, "The main test for IESS is an EEG.")
        house.sign(house.draft("answer", topic, changed, page=page.id))
    house.publisher.publish(signed.id, BEN, house.check)
    assert live.look()
    assert live.content.page.text == text
    assert "eeg" in users
    assert live.content.page.find(LINE) is None
    house.publisher.put_back("page", "iess", None, BEN, house.check)
    assert live.look()
    assert live.content.page.find(LINE)


def quotes_of(content: Content, topic: str) -> set[str]:
    answer = content.library[topic]
    return {q for c in ("web", "sms") for lang in ("en", "es") for q in answer.quotes(c, lang)}


def answer_yaml_with(topic: str, old: str, new: str) -> str:
    return base_body(DATA, "answer", topic).replace(f'"{old}"', f'"{new}"')


def test_a_draft_is_laid_over_what_is_live(house: House) -> None:
    house.publish("answer", "pain", edited("pain", say("The spasms are not painful.")))
    draft = house.draft("answer", "eeg", edited("eeg", say("The EEG is the main test for IESS.")))
    content = load_content(house.settings, with_draft(house.store, draft))
    assert "The EEG is the main test for IESS." in said(content, "eeg")
    assert "The spasms are not painful." in said(content, "pain")
    families = LiveContent(house.settings, house.store).content
    assert "The EEG is the main test for IESS." not in said(families, "eeg")


def test_what_staff_have_signed_counts_for_alarms_and_the_doctor(house: House) -> None:
    def unsigned() -> int:
        content = load_content(house.settings, house.store.snapshot())
        return count_unsigned(content.all_reviews["answers"])

    def doctor() -> str:
        return next(f.says for f in texts(house.settings) if f.check == "texts: answers")

    before, told = unsigned(), doctor()
    house.publish("answer", "eeg", base_body(DATA, "answer", "eeg"))
    assert unsigned() == before - len(FORMS)
    assert doctor() != told
    assert str(before - len(FORMS)) in doctor()
