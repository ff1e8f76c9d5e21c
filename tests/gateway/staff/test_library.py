"""The library: everything that a family may be told can be found and is shown in full."""

from __future__ import annotations

import datetime as dt
import re
import tempfile

import pytest
import yaml

from bot.claims import ClaimChecker
from bot.compose import Voice
from bot.gateway.service import Service
from bot.gateway.staff.catalogue import Catalogue, Filter
from bot.gateway.staff.findings import answer_rows, reading, with_verdicts
from bot.gateway.staff.item_view import view
from bot.live import load_content, with_draft
from bot.overlay import base_body, parse
from bot.settings import Settings, load_settings
from bot.store.content import Text
from bot.topics import TOPICS
from tests.bot.test_live import ANNA, House, edited, say
from tests.conftest import DATA
from tests.gateway.staff.conftest import As

TODAY = dt.date(2026, 11, 26)
NEW = "The EEG is the main test for IESS."


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    with tempfile.TemporaryDirectory() as folder:
        content = load_content(load_settings({"VAR_DIR": folder, "GUIDED_CHECK": "off"}))
    return Catalogue(DATA, content)


def keys(catalogue: Catalogue, **wanted: str) -> list[str]:
    return [item.key for item in catalogue.find(Filter(**wanted), TODAY)]


def test_nothing_that_families_are_told_is_missing(catalogue: Catalogue) -> None:
    found = set(catalogue.items)
    assert {("answer", topic) for topic in TOPICS} <= found
    assert {("safety", text_id) for text_id in catalogue.safety.texts} <= found
    assert {("sms", text_id) for text_id in catalogue.sms.texts} <= found
    assert {("check", "check_now"), ("check", "card"), ("phrase", "please_call")} <= found


@pytest.mark.parametrize(
    ("wanted", "there", "not_there"),
    [
        ({"words": "Vigabatrin blindness"}, [], ["vigabatrin"]),
        ({"words": "VIGABATRINA"}, ["vigabatrin"], ["eeg"]),
        ({"words": "vigabatrina", "lang": "en"}, [], ["vigabatrin"]),
        ({"kind": "safety"}, ["emergency.choking"], ["eeg"]),
        ({"topic": "eeg"}, ["eeg"], ["diagnosis"]),
        ({"kind": "sms", "channel": "web"}, [], ["help"]),
        ({"kind": "sms", "channel": "sms"}, ["help"], []),
        ({"state": "approved"}, [], ["eeg"]),
        ({"state": "pending"}, ["eeg", "emergency.choking"], []),
        ({"kind": "no such kind"}, [], ["eeg"]),
    ],
)
def test_filters(
    catalogue: Catalogue, wanted: dict[str, str], there: list[str], not_there: list[str]
) -> None:
    found = keys(catalogue, **wanted)
    assert set(there) <= set(found)
    assert not set(not_there) & set(found)


def test_every_item_can_be_looked_at_in_both_languages(catalogue: Catalogue) -> None:
    for item in catalogue.items.values():
        for lang in ("en", "es"):
            seen = view(catalogue, item, lang, TODAY, signed_only=False, claims=False)
            assert seen.sides, item.key
            for side in seen.sides:
                assert not side.faults, (item.key, lang, side.channel)
                assert not [row.say for row in side.rows if row.faults], (item.key, lang)
                if side.phone:
                    assert side.phone.segments > 0
                    assert not any(bubble.odd for bubble in side.phone.bubbles), item.key
                assert bool(seen.marks) == bool(seen.page)


def test_what_is_not_signed_is_said_to_be_silent_where_only_signed_texts_are_told(
    catalogue: Catalogue,
) -> None:
    item = catalogue.items["answer", "eeg"]
    for signed_only in (True, False):
        seen = view(catalogue, item, "en", TODAY, signed_only=signed_only, claims=False)
        assert [side.silent for side in seen.sides] == [signed_only, signed_only]
    safety = catalogue.items["safety", "emergency.choking"]
    seen = view(catalogue, safety, "en", TODAY, signed_only=True, claims=False)
    assert not any(side.silent for side in seen.sides)


def test_the_second_reader_speaks_of_each_claim(catalogue: Catalogue) -> None:
    item, voice = catalogue.items["answer", "vigabatrin"], Voice("en", "web")
    rows, _ = answer_rows(catalogue, item, voice)
    checker = ClaimChecker.load(DATA)
    text = catalogue.hospital.fill(catalogue.written(item, voice), "sms")
    read = with_verdicts(rows, text, checker)
    assert all(row.verdicts for row in read)
    claims = [v for row in read for v in row.verdicts if v.supported is not None]
    assert claims
    wrong = with_verdicts(rows, "Vigabatrin is given as a shot.", checker)
    assert not any(row.verdicts for row in wrong)


def test_a_safety_text_shows_its_faults(settings: Settings, service: Service) -> None:
    raw = parse(base_body(DATA, "safety", "emergency.choking"), "")
    raw["web"]["en"] = raw["web"]["en"].replace("automated guide", "guide")
    raw["sms"]["en"] += " It is a very long text." * 20
    body = yaml.safe_dump(raw)
    version = service.content.begin("safety", "emergency.choking", Text(body, ()), ANNA, base=None)
    catalogue = Catalogue(DATA, load_content(settings, with_draft(service.content, version)))
    item = catalogue.items["safety", "emergency.choking"]
    sides = view(catalogue, item, "en", TODAY, signed_only=False, claims=False).sides
    assert "automated guide" in sides[0].faults[0]
    assert "too long for SMS" in sides[1].faults[0]
    seen = view(catalogue, item, "es", TODAY, signed_only=False, claims=False)
    assert [side.faults for side in seen.sides] == [[], []]


def test_what_is_published_is_what_the_library_shows(as_role: As, service: Service) -> None:
    viewer = as_role("viewer")
    path = "/staff/library/answer/eeg"
    assert NEW not in viewer.get(path).text
    House(service.settings, service.store.engine).publish("answer", "eeg", edited("eeg", say(NEW)))
    service.live.look()
    assert NEW in viewer.get(path).text
    assert NEW in viewer.get("/staff/library?topic=eeg").text


def test_who_may_edit_finds_the_way_to_it(as_role: As) -> None:
    for role, there in (("viewer", False), ("editor", True)):
        page = as_role(role).get("/staff/library/safety/emergency.choking").text
        assert ("Change this text" in page) == there


def test_reading_grades(catalogue: Catalogue) -> None:
    easy = reading("The baby may cry. Call us today.", "en", catalogue.glossary)
    assert (easy.easy, "Grade" in easy.words) == (True, True)
    hard = "Administración farmacológica multidisciplinaria oftalmológicamente indispensable."
    assert reading(hard, "es", catalogue.glossary).easy is False
    assert reading("Signs", "en", catalogue.glossary).easy is None


def test_pages(as_role: As) -> None:
    viewer = as_role("viewer")
    listed = viewer.get("/staff/library?q=vigabatrin&kind=answer")
    assert listed.status_code == 200
    assert '<a href="/staff/library/answer/vigabatrin"' in listed.text
    page = viewer.get("/staff/library/answer/vigabatrin?lang=es")
    assert page.status_code == 200
    for part in ("Nobody has signed this yet.", "shadowrootmode", "<mark id=", "Fernández Huerta"):
        assert part in page.text
    assert "segment" in page.text
    assert viewer.get("/staff/library/answer/nothing").status_code == 404
    assert viewer.get("/staff/library/answer/eeg?lang=fr").status_code == 422
    assert as_role(None).get("/staff/library").status_code == 303
    style = viewer.get("/staff/static/widget.css")
    assert style.headers["content-type"].startswith("text/css")
    assert ".said.emergency" in style.text


def test_words_to_look_for_are_no_html(as_role: As) -> None:
    page = as_role("viewer").get('/staff/library?q="><script>alert(1)</script>&kind=<b>')
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert not re.search(r"<b>", page.text)
