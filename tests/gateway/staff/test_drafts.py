"""A change from the first word to the family, and everything that must stop it."""

from __future__ import annotations

import datetime as dt
import html

import pytest

from bot.compose import today_utc
from bot.gateway.replay import Replayer
from bot.gateway.service import Service
from bot.store.audit import Audit
from tests.gateway.conftest import ScriptedRasa
from tests.gateway.staff.conftest import As, Visitor
from tests.gateway.staff.editing import act, begin, form_of, said, save

LATER = (today_utc() + dt.timedelta(days=300)).isoformat()
FIRST = "web.en.0.say"
NEW = "The EEG is the main test for IESS."


@pytest.fixture
def anna(as_role: As) -> Visitor:
    return as_role("editor", "Anna Alm")


@pytest.fixture
def ben(as_role: As) -> Visitor:
    return as_role("approver", "Ben Berg")


def told(service: Service, topic: str = "eeg") -> str:
    service.live.look()
    return service.live.content.library[topic].sentences("web", "en")[0].say


def test_a_change_reaches_families_and_comes_back(
    anna: Visitor, ben: Visitor, service: Service
) -> None:
    before = told(service)
    path = begin(anna, "answer/eeg")
    assert save(anna, path, {FIRST: NEW, "note": "Shorter"}) == 303
    page = anna.get(path).text
    assert "Every check passes." in page
    assert html.escape(f"English, on the website: {NEW}") in page
    assert act(anna, path, "submit")[0] == 303
    assert told(service) == before
    assert act(ben, path, "publish")[0] == 409
    assert act(ben, path, "approve", form="en", expires=LATER)[0] == 303
    assert "approved by Ben Berg" in ben.get(path).text
    status, notice = act(ben, path, "publish")
    assert (status, notice) == (303, "Published. Families read it within five seconds.")
    assert told(service) == NEW
    back = "/staff/texts/answer/eeg"
    assert NEW in html.unescape(ben.get(back).text)
    assert ben.post(f"{back}/put-back", {"target": "data"}).status_code == 303
    assert told(service) == before
    number = path.rpartition("/")[2]
    assert ben.post(f"{back}/put-back", {"target": number}).status_code == 303
    assert told(service) == NEW


def test_every_step_is_in_the_audit_log(anna: Visitor, ben: Visitor, service: Service) -> None:
    path = begin(anna, "answer/eeg")
    save(anna, path, {FIRST: NEW})
    act(anna, path, "submit")
    act(ben, path, "approve", form="en", expires=LATER)
    act(ben, path, "publish")
    ben.post("/staff/texts/answer/eeg/put-back", {"target": "data"})
    ben.post("/staff/switch", {"answers": "off", "why": "a test"})
    log = [entry for entry in Audit(service.store.engine).entries() if entry.subject]
    steps = [
        entry.action for entry in log if "content" in entry.action or "answers" in entry.action
    ]
    assert steps == [
        "content.begin",
        "content.save",
        "content.submit",
        "content.approve",
        "content.publish",
        "content.put_back",
        "answers.off",
    ]
    # Versions and forms, never the words of a text.
    assert not any(NEW in entry.detail for entry in log)


def test_nobody_approves_their_own_text(as_role: As, ben: Visitor, service: Service) -> None:
    path = begin(ben, "answer/eeg")
    save(ben, path, {FIRST: NEW})
    act(ben, path, "submit")
    assert "a second person has to approve it" in ben.get(path).text
    status, why = act(ben, path, "approve", form="en", expires=LATER)
    assert (status, why) == (409, "You wrote in it, so a second person has to approve it.")
    admin = as_role("admin", "Ada")
    assert save(admin, begin(admin, "answer/pain"), {FIRST: "The spasms are not painful."}) == 303
    assert act(admin, path, "approve", form="en", expires=LATER)[0] == 303


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("web.en.0.proof", "This is not on the page.", "must stand on the page, word for word"),
        (FIRST, "The EEG is the main test. It takes 45 minutes.", "A number has no quote"),
        (FIRST, "Vigabatrin is the main test for IESS.", "A medical word has no quote"),
        (FIRST, "The EEG is not the main test for IESS.", "the opposite of its quote"),
        ("sms.es.0.say", "El EEG es la prueba principal, señalará más información aquí.", "SMS"),
        ("notice", "", "must stand under it"),
        ("title.en", "x" * 40, "The title is too long"),
    ],
)
def test_what_fails_is_said_beside_it_and_stops_it(
    anna: Visitor, field: str, value: str, says: str
) -> None:
    path = begin(anna, "answer/eeg")
    form = {**form_of(anna, path), field: value}
    if field == "notice":
        del form["notice"]
    assert anna.post(path, form).status_code == 303
    page = html.unescape(anna.get(path).text)
    assert says in page
    assert act(anna, path, "submit")[0] == 409


def test_two_editors_never_overwrite_each_other(
    as_role: As, anna: Visitor, service: Service
) -> None:
    eve = as_role("editor", "Eve Ek")
    path = begin(anna, "answer/eeg")
    hers, his = form_of(anna, path), form_of(eve, path)
    assert anna.post(path, {**hers, FIRST: NEW}).status_code == 303
    other = "An EEG is the main test for IESS."
    answer = eve.post(path, {**his, FIRST: other})
    assert answer.status_code == 409
    page = html.unescape(answer.text)
    assert f"English, on the website: {NEW}" in page
    assert f"English, on the website: {other}" in page
    assert "Last saved by: Anna Alm" in page
    assert form_of(anna, path)[FIRST] == NEW
    again = {**his, FIRST: other, "revision": form_of(eve, path)["revision"]}
    assert eve.post(path, again).status_code == 303
    assert form_of(anna, path)[FIRST] == other


def test_a_draft_is_told_of_what_went_live_beside_it(
    anna: Visitor, ben: Visitor, service: Service
) -> None:
    old, new = begin(anna, "answer/eeg"), begin(anna, "answer/eeg")
    save(anna, old, {FIRST: "An EEG is the main test for IESS."})
    save(anna, new, {FIRST: NEW})
    for path in (new, old):
        act(anna, path, "submit")
        act(ben, path, "approve", form="en", expires=LATER)
    assert act(ben, new, "publish")[0] == 303
    status, why = act(ben, old, "publish")
    assert (status, told(service)) == (409, NEW)
    assert "went live in the meantime" in why
    act(anna, old, "send-back")
    assert "Another version of this text went live" in anna.get(old).text
    assert act(anna, old, "rebase")[0] == 303
    assert "Another version of this text went live" not in anna.get(old).text


def test_markup_in_an_answer_is_text(anna: Visitor, service: Service) -> None:
    evil = '<script>alert(1)</script><img src=x onerror="alert(2)">'
    path = begin(anna, "answer/eeg")
    changes = {FIRST: evil, "title.en": evil, "note": evil, "web.en.0.proof": evil}
    assert save(anna, path, changes) == 303
    for where in (path, "/staff/drafts", "/staff/texts/answer/eeg"):
        page = anna.get(where).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
    assert html.escape(evil, quote=False) in anna.get(path).text.replace("&#34;", '"')


def test_a_signature_without_a_change(anna: Visitor, ben: Visitor, service: Service) -> None:
    for text, key in (("safety/emergency.choking", "emergency.choking"), ("phrases/phrases", "")):
        path = begin(anna, text)
        assert act(anna, path, "submit")[0] == 409
        assert save(anna, path, {"ask.en": "1", "ask.es": "1", "ask.es_sms": "1"}) == 303
        assert act(anna, path, "submit")[0] == 303
        signed = ben.post(
            f"{path}/approve",
            {"revision": "2", "form": "en", "expires": LATER, "translator": "T. Ruiz"},
        )
        assert signed.status_code == 303
        assert act(ben, path, "publish")[0] == 409
        for form in ("es", "es_sms"):
            sent = {"form": form, "expires": LATER, "translator": "T. Ruiz"}
            assert act(ben, path, "approve", **sent)[0] == 303
        assert act(ben, path, "publish")[0] == 303
        content = service.live.content
        reviews = content.safety.texts[key].reviews if key else content.phrases.reviews
        assert reviews.unsigned == ()


def test_a_safety_text_keeps_its_phone_lines(anna: Visitor) -> None:
    path = begin(anna, "safety/emergency.choking")
    form = form_of(anna, path)
    assert save(anna, path, {"web.en": form["web.en"].replace("911", "the doctor")}) == 303
    page = html.unescape(anna.get(path).text)
    assert "A phone line was taken out" in page
    assert "it no longer names 911" in page
    assert act(anna, path, "submit")[0] == 409


def test_the_switch_turns_answers_off_and_on(ben: Visitor, service: Service) -> None:
    assert ben.post("/staff/switch", {"answers": "off", "why": "wrong page"}).status_code == 303
    assert not service.live.content.answers_on
    assert "Answers are off" in said(ben.get("/staff/switch").text)
    assert ben.post("/staff/switch", {"answers": "perhaps"}).status_code == 422
    assert ben.post("/staff/switch", {"answers": "on"}).status_code == 303
    assert service.live.content.answers_on


def test_an_answer_is_taken_away_at_once(ben: Visitor, service: Service) -> None:
    path = "/staff/texts/answer/eeg"
    assert ben.post(f"{path}/withdraw", {"note": "wrong"}).status_code == 303
    assert service.live.content.library["eeg"].withdrawn
    assert ben.post("/staff/texts/answer/human/withdraw").status_code == 409
    assert ben.post(f"{path}/put-back", {"target": "data"}).status_code == 303
    assert not service.live.content.library["eeg"].withdrawn


@pytest.mark.parametrize(
    "path",
    ["/staff/drafts/77", "/staff/texts/answer/none", "/staff/texts/no/eeg", "/staff/source/77"],
)
def test_what_is_not_there(anna: Visitor, path: str) -> None:
    assert anna.get(path).status_code == 404


def test_an_approval_that_ends_soon_is_named(anna: Visitor, ben: Visitor, service: Service) -> None:
    day = (dt.datetime.now(dt.timezone.utc).date() + dt.timedelta(days=20)).isoformat()
    path = begin(anna, "answer/eeg")
    save(anna, path, {"ask.en": "1"})
    act(anna, path, "submit")
    act(ben, path, "approve", form="en", expires=day)
    act(ben, path, "publish")
    page = anna.get("/staff/drafts").text
    assert day in page
    assert "After it, families are told to call" in page


def test_what_is_published_is_what_the_website_shows(
    anna: Visitor, ben: Visitor, service: Service
) -> None:
    path = begin(anna, "answer/what_is")
    words = "IESS is a rare form of epilepsy in children."
    save(anna, path, {FIRST: words})
    act(anna, path, "submit")
    act(ben, path, "approve", form="en", expires=LATER)
    assert words not in ben.get("/").text
    assert act(ben, path, "publish")[0] == 303
    assert words in ben.get("/").text


def test_an_approval_that_is_refused_says_so_at_its_form(anna: Visitor, ben: Visitor) -> None:
    path = begin(anna, "answer/eeg")
    save(anna, path, {FIRST: NEW})
    act(anna, path, "submit")
    far = (today_utc() + dt.timedelta(days=800)).isoformat()
    for sent, why in (
        ({"form": "en", "expires": far}, "two years at most"),
        ({"form": "en", "expires": "soon"}, "Give the day"),
        ({"expires": LATER}, "Choose which texts"),
    ):
        status, told_why = act(ben, path, "approve", **sent)
        assert (status, why in told_why) == (409, True), told_why
        assert (
            'aria-describedby="expires-hint sign-error"'
            in ben.post(f"{path}/approve", {"revision": "2", **sent}).text
        )
    assert "Publish now" not in ben.get(path).text


def test_a_replay_is_in_the_audit_log(
    anna: Visitor, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Replayer, "run", lambda *_: None)
    path = begin(anna, "answer/eeg")

    def written() -> list[str]:
        log = Audit(service.store.engine).entries()
        return [entry.subject for entry in log if entry.action == "content.replay"]

    assert act(anna, path, "replay")[0] == 303
    assert written() == ["answer/eeg"]
    # The first one is still running: nothing begins, and nothing is written.
    assert act(anna, path, "replay")[0] == 303
    assert written() == ["answer/eeg"]


@pytest.mark.parametrize("field", ["draft", "preview", "metadata"])
def test_a_family_cannot_name_a_draft(
    anna: Visitor, service: Service, rasa: ScriptedRasa, field: str
) -> None:
    path = begin(anna, "answer/eeg")
    number = path.rpartition("/")[2]
    save(anna, path, {FIRST: NEW})
    value: object = {"draft": number} if field == "metadata" else number
    sent = {"text": "what is an eeg", "channel": "web", field: value}
    client = anna.client
    for address in ("/api/messages", f"/api/messages?draft={number}"):
        response = client.post(address, json=sent, headers={"draft": number, "X-Draft": number})
        assert NEW not in response.text
    assert rasa.seen
    assert not [body for body in rasa.seen if "draft" in body["metadata"]]
