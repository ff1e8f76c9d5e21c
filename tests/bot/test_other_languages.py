"""Messages in languages that we do not speak."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator

import pytest

from bot.content import read_yaml
from bot.errors import ContentError
from bot.hospital import Hospital
from bot.other_languages import KINDS, OtherLanguages, load_other_languages
from bot.reply import Message, SafetyCatalogue
from bot.text import sms_size, sms_text
from bot.triage import Finding, Triage
from tests.conftest import DATA

FILE = DATA / "safety" / "other_languages.yml"
EVAL = DATA.parent / "eval"
CODES = ("zh-Hans", "zh-Hant", "vi", "ar", "pl", "tl", "ko", "ru", "pt", "ht", "fr")
ENGLISH = (Message("fallback", None, "In English."),)

QUESTIONS = {
    "zh-Hans": [
        "你好",
        "什么是婴儿痉挛症？",
        "我想给宝宝预约",
        "脑电图疼吗",
    ],
    "zh-Hant": [
        "什麼是嬰兒痙攣症？",
        "我想為寶寶預約，請問怎麼做",
        "腦電圖會痛嗎",
    ],
    "vi": [
        "Con tôi bị co thắt, phải làm gì?",
        "Xin chào",
        "dieu tri nhu the nao",
        "Bệnh này là gì?",
        "toi muon dat hen cho con",
        "Bệnh này có chữa được không?",
    ],
    "ar": [
        "ما هي التشنجات الطفلية؟",
        "مرحبا",
        "كيف أحجز موعدا؟",
        "هل المرض وراثي",
    ],
    "pl": [
        "Co to są napady zgięciowe?",
        "Dzień dobry, moje dziecko ma napady",
        "jak leczy się ten zespół?",
        "czy moge umowic wizyte dla dziecka",
    ],
    "tl": [
        "Ano ang infantile spasms?",
        "Kumusta po, may tanong ako",
        "paano po magpa appointment",
        "masakit ba ang EEG sa anak ko",
    ],
    "ko": [
        "안녕하세요",
        "영아연축이 뭐예요?",
        "예약하고 싶어요",
        "뇌파 검사는 아픈가요",
    ],
    "ru": [
        "Здравствуйте",
        "Что такое инфантильные спазмы?",
        "Как записаться на приём?",
        "ЭЭГ это больно",
    ],
    "pt": [
        "Qual exame vocês fazem?",
        "Olá, meu filho tem espasmos",
        "como faço para marcar consulta",
        "qual é o tratamento?",
        "voce fala portugues",
    ],
    "ht": [
        "Bonjou, mwen gen yon kesyon",
        "Ki sa maladi sa a ye?",
        "pitit mwen ap fè spasm",
        "kijan mwen ka pran yon randevou",
    ],
    "fr": [
        "Bonjour, mon bébé a des spasmes",
        "Qu'est-ce que le syndrome de West ?",
        "comment prendre rendez-vous",
        "c'est quoi un EEG, est ce que ca fait mal a mon enfant",
        "parlez-vous français ?",
    ],
}


@pytest.fixture(scope="module")
def others(safety: SafetyCatalogue, hospital: Hospital) -> OtherLanguages:
    return load_other_languages(FILE, safety, hospital)


def messages() -> Iterator[str]:
    """Every English or Spanish message that we have."""
    for name in ("nlu.yml", "nlu_es.yml"):
        for block in read_yaml(DATA / name)["nlu"]:
            yield from (line[2:].strip() for line in block["examples"].splitlines())
    for lang in ("en", "es"):
        path = DATA / "safety" / f"messages_{lang}.tsv"
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                yield row["text"]
    for name in ("dev", "heldout"):
        for line in (EVAL / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            yield json.loads(line)["text"]


@pytest.mark.parametrize("code", CODES)
def test_questions_are_told(others: OtherLanguages, code: str) -> None:
    for text in QUESTIONS[code]:
        heard = others.read(text)
        assert heard, text
        assert (heard.spoken.code, heard.level) == (code, "routine"), text


def test_signs_of_danger_and_their_near_misses(others: OtherLanguages, triage: Triage) -> None:
    assert tuple(spoken.code for spoken in others.spoken) == CODES
    for spoken in others.spoken:
        for sign in spoken.signs:
            for text in sign.examples:
                heard = others.read(text)
                assert heard, text
                # Some words are the same in both hands of Chinese.
                assert (heard.spoken.name, heard.kind) == (spoken.name, sign.kind), text
                assert heard.join(triage.read(text)).level == heard.level, text
            for text in sign.not_examples:
                near = others.read(text)
                assert near is None or near.level == "routine", text


def test_signs_are_seen_in_the_middle_of_an_english_message(others: OtherLanguages) -> None:
    heard = others.read("please help me, meu bebê não está respirando, what do I do now")
    assert heard
    assert (heard.spoken.code, heard.level) == ("pt", "emergency")


def test_our_own_messages_are_hardly_ever_taken_for_another_language(
    others: OtherLanguages,
) -> None:
    ours = list(messages())
    taken = [text for text in ours if others.read(text)]
    assert len(ours) > 15_000
    assert len(taken) < 0.001 * len(ours), taken
    assert not [text for text in taken if (h := others.read(text)) and h.level != "routine"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2",
        "🚑🚑",
        "EEG?",
        "Lennox-Gastaut, Aicardi, Dup15q",
        "crème brûlée",
        "déjà vu all over again",
        "my son José Nguyễn has spasms",
        "he said не in a movie",
        "mу sоn is nоt brеаthing",  # look-alike letters
        "hlp bby cnt brth",
        "mi bb no rspira",
        "asdf jkl qwerty",
        "is het ok",
        "ＨＥＬＰ",
        "his name is Müller",
        "my baby Yuki (雪)",
        "el nene tiene la boca morada",
    ],
)
def test_what_is_none_of_them(others: OtherLanguages, text: str) -> None:
    assert others.read(text) is None


@pytest.mark.parametrize("channel", ["web", "sms"])
def test_texts_name_the_numbers_and_the_language(
    others: OtherLanguages, hospital: Hospital, channel: str
) -> None:
    for spoken in others.spoken:
        heard = others.read(QUESTIONS[spoken.code][-1])
        assert heard
        for level in ("routine", "urgent", "emergency", "crisis"):
            said = others.above(ENGLISH, heard, level, channel)
            assert said[1:] == ENGLISH
            text = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", said[0].text)
            assert spoken.name in text
            assert "{" not in text
            assert said[0].sources
            if level in ("emergency", "crisis"):
                assert text.startswith("911")
                assert ("988" in text) is (level == "crisis")
            else:
                assert "911" in text
                assert hospital.phone in text
            assert ("tel:911" in said[0].text) is (channel == "web")
            if channel == "sms":
                assert sms_size(sms_text(said[0].text)).segments <= 5, spoken.code


def test_texts_reach_the_phone_letter_by_letter(others: OtherLanguages) -> None:
    for spoken in others.spoken:
        sent = sms_text(spoken.texts["emergency"])
        letters = sum(char.isalpha() for char in spoken.texts["emergency"])
        assert sum(char.isalpha() for char in sent) >= letters, spoken.code


def test_a_danger_is_raised_and_none_is_lowered(others: OtherLanguages) -> None:
    heard = others.read("mon bébé ne respire pas")
    assert heard
    calm = Finding("routine", None, None)
    joined = heard.join(calm)
    assert (joined.level, joined.kind, joined.action) == (
        "emergency", "not_breathing", "call_911"
    )  # fmt: skip
    assert joined.hits[0].rule == "fr_not_breathing"
    worse = Finding("emergency", "seizure", "call_911")
    assert heard.join(worse) == worse


def test_an_unsigned_language_reads_english_only_in_production(
    safety: SafetyCatalogue, hospital: Hospital
) -> None:
    strict = load_other_languages(FILE, safety, hospital, signed_only=True)
    heard = strict.read("Mi dziecko nie oddycha")
    assert heard
    assert heard.level == "emergency"
    assert strict.above(ENGLISH, heard, "emergency", "web") == ENGLISH


def test_a_broken_file_is_refused_by_name(
    safety: SafetyCatalogue, hospital: Hospital, tmp_path: object
) -> None:
    text = FILE.read_text(encoding="utf-8")
    path = DATA.__class__(str(tmp_path)) / "other_languages.yml"
    for old, new, message in (
        ("kind: choking", "kind: coughing", "one rule for each of"),
        ("script: hangul", "script: runes", "'runes' is no script"),
        ("sources: [interpreters_911", "sources: [hearsay", "sources.yml"),
        ('"抽搐"', '"("', "zh-Hans, seizure"),
    ):
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(ContentError, match=message):
            load_other_languages(path, safety, hospital)
    assert len(KINDS) == 5


@pytest.mark.parametrize(
    "text",
    [
        "Mein Baby atmet nicht",
        "Was sind infantile Spasmen?",
        "Hilfe!",
        "赤ちゃんがけいれんしています",
        "मेरे बच्चे को दौरे पड़ रहे हैं",
        "Bebeğim nefes almıyor",
        "oğlum nöbet geçiriyor ne yapmalıyım",
        "دخترم تشنج می‌کند چه کار کنم",
        "میرا بچہ سانس نہیں لے رہا",
        "У моєї дитини спазми",
        "התינוק שלי לא נושם",
        "το μωρό μου δεν αναπνέει",
        "ทารกไม่หายใจ",
        "mera baccha saans nahi le raha hai",
    ],
)
@pytest.mark.parametrize("channel", ["web", "sms"])
def test_any_other_language_is_sent_to_911_and_an_interpreter(
    others: OtherLanguages, text: str, channel: str
) -> None:
    heard = others.read(text)
    assert heard
    assert (heard.spoken, heard.level) == (others.rest, "routine")
    below = Message("fallback", None, "Please call")
    above, *said = others.above((below,), heard, heard.level, channel)
    assert said == [below]
    assert "911" in above.text.split(".")[0]
    assert "Llame al" in above.text
    assert "{" not in above.text


@pytest.mark.parametrize("text", ["طفلي لا يتنفس", "мой ребенок не дышит", "我的宝宝抽搐"])
def test_a_language_that_we_know_is_not_taken_for_another(
    others: OtherLanguages, text: str
) -> None:
    heard = others.read(text)
    assert heard
    assert heard.spoken is not others.rest
    assert heard.level == "emergency"
