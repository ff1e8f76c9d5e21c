"""A new version of the page: nothing goes live until every sentence stands on it."""

from __future__ import annotations

import datetime as dt
import html

import pytest

from bot.compose import today_utc
from bot.gateway.service import Service
from tests.gateway.staff.conftest import As, Visitor
from tests.gateway.staff.editing import act, form_of, save

LATER = (today_utc() + dt.timedelta(days=300)).isoformat()
LINE = "An electroencephalogram (EEG) is the main test for IESS."
NEW_LINE = "An electroencephalogram (EEG) is the most important test for IESS."
ADDED = "Ask about our free classes."


@pytest.fixture
def anna(as_role: As) -> Visitor:
    return as_role("editor", "Anna Alm")


@pytest.fixture
def ben(as_role: As) -> Visitor:
    return as_role("approver", "Ben Berg")


def upload(visitor: Visitor, text: str) -> str:
    response = visitor.post("/staff/source", {"text": text})
    assert response.status_code == 303
    return response.headers["location"]


def settle(visitor: Visitor, path: str, topic: str, how: str = "edit") -> str:
    sent = {"topic": topic, "how": how}
    return visitor.post(f"{path}/settle", sent).headers["location"]


def test_a_page_goes_live_when_all_is_settled(
    anna: Visitor, ben: Visitor, service: Service
) -> None:
    old = service.live.content.page.text
    path = upload(anna, old.replace(LINE, f"{NEW_LINE} {ADDED}"))
    page = html.unescape(anna.get(path).text)
    assert "no longer stand" in page
    assert NEW_LINE in page
    assert f'<li class="changed-to" lang="en">{ADDED}</li>' in page
    assert act(anna, path, "submit")[0] == 409
    topics = [
        answer.topic
        for answer in service.live.content.library
        if any(LINE in answer.quotes(c, lang) for c in ("web", "sms") for lang in ("en", "es"))
    ]
    assert len(topics) >= 2
    for topic in topics:
        if topic == topics[0]:
            assert settle(anna, path, topic, "withdraw") == path
            continue
        draft = settle(anna, path, topic)
        form = form_of(anna, draft)
        proofs = {k: v.replace(LINE, NEW_LINE) for k, v in form.items() if k.endswith(".proof")}
        words = {
            k: v.replace("main", "most important") if k.startswith(("web.en", "sms.en")) else v
            for k, v in form.items()
            if k.endswith(".say")
        }
        assert save(anna, draft, {**proofs, **words}) == 303
        status, why = act(anna, draft, "submit")
        assert status == 303, why + html.unescape(anna.get(draft).text)
        for wanted in ("en", "es", "es_sms"):
            sent = {"form": wanted, "expires": LATER, "translator": "T. Ruiz"}
            act(ben, draft, "approve", **sent)
    page = anna.get(path).text
    assert "Every sentence of every answer stands on the new page." in page
    assert act(anna, path, "submit")[0] == 303
    assert act(ben, path, "publish")[0] == 409
    assert service.live.content.page.text == old
    assert act(ben, path, "approve", form="en", expires=LATER)[0] == 303
    status, why = act(ben, path, "publish")
    assert status == 303, why
    content = service.live.content
    assert content.page.find(NEW_LINE)
    assert content.library[topics[0]].withdrawn
    assert NEW_LINE in html.unescape(anna.get("/source").text)
    assert ben.post("/staff/texts/page/iess/put-back", {"target": "data"}).status_code == 303
    assert service.live.content.page.text == old
    assert not service.live.content.library[topics[0]].withdrawn


def test_the_same_page_touches_nothing(anna: Visitor, service: Service) -> None:
    path = upload(anna, service.live.content.page.text)
    page = anna.get(path).text
    assert "Every sentence of every answer stands on the new page." in page
    assert "Both are the same." in page


@pytest.mark.parametrize(
    ("text", "says"),
    [("too short", "A page has 200 to"), ("x" * 300, "never names"), ("", "A page has")],
)
def test_what_is_no_page_is_refused_with_a_reason(anna: Visitor, text: str, says: str) -> None:
    response = anna.post("/staff/source", {"text": text})
    assert response.status_code == 422
    assert says in response.text


def test_a_file_that_is_no_text(anna: Visitor) -> None:
    token = anna.get("/staff/source").text.split('name="csrf_token" value="')[1].split('"')[0]
    response = anna.client.post(
        "/staff/source", data={"csrf_token": token}, files={"file": ("page.txt", b"\xff\xfe\x00")}
    )
    assert response.status_code == 422
    assert "not plain text" in response.text


def test_markup_on_a_page_is_text(anna: Visitor, service: Service) -> None:
    evil = "<script>alert(1)</script>"
    path = upload(anna, service.live.content.page.text + evil)
    assert evil not in anna.get(path).text
    assert html.escape(evil) in anna.get(path).text
