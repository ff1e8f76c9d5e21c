from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.answer_checks import NEEDS_NOTICE, WIDEST, check_answer
from bot.answers import Answer, Library, Sentence
from bot.glossary import Glossary, load_glossary
from bot.hospital import Hospital
from bot.text import sms_size
from bot.topics import FALLBACKS, SMALLTALK, TOPICS
from tests.conftest import DATA

HORMONES = (
    "Hormonal treatment: This treatment includes high-dose steroids given by mouth (prednisolone"
    " suspension) or injection (adrenocorticotropic hormone or ACTH). Your child receives this"
    " treatment for about one month."
)
VIGABATRIN = (
    "Children who meet certain criteria may take vigabatrin, an oral antiseizure medication."
)
LENGTH = "Your child’s treatment may last from six months to two years."
AGE = (
    "Infantile spasms commonly appear when a child is between 3–8 months old and tend to resolve"
    " around 2–4 years old."
)
PAIN = "Although the spasms aren’t painful, they can be uncomfortable."
GENES = "These genetic disorders may cause IESS:"
EEG = "An electroencephalogram (EEG) is the main test for IESS."
CLUSTERS = (
    "While each spasm may only last a few seconds, they tend to occur in clusters that can last"
    " several minutes."
)
BRAIN = "These brain conditions increase the risk of IESS:"


@pytest.fixture(scope="module")
def glossary(library: Library) -> Glossary:
    return load_glossary(DATA / "glossary.yml", library.page)


@pytest.fixture(scope="module")
def base(library: Library) -> Answer:
    """A sound answer, to be spoiled one thing at a time."""
    return library["treatment"]


def rules(answer: Answer, library: Library, glossary: Glossary) -> set[str]:
    return {fault.rule for fault in check_answer(answer, library, glossary)}


@pytest.mark.parametrize("topic", TOPICS)
def test_real_answer_has_no_fault(topic: str, library: Library, glossary: Glossary) -> None:
    assert check_answer(library[topic], library, glossary) == []


def said(sentence: Sentence, lang: str = "en") -> Callable[[Answer], Answer]:
    """The answer with one more sentence on the web."""
    return lambda answer: replace(answer, web={lang: (Sentence("Yes.", advice=True), sentence)})


def claim(say: str, *quotes: str) -> Sentence:
    return Sentence(say, quotes=quotes)


SOUND = [
    claim("It is taken by mouth or as a shot (ACTH).", HORMONES),
    claim("Your child receives it for a month.", HORMONES),
    claim("Children may take Sabril by mouth.", VIGABATRIN),
    claim("It may last from 6 months to 2 years.", LENGTH),
    claim("They start at three to eight months.", AGE),
    claim("The spasms are not painful.", PAIN),
    claim("The EEG (brain wave test) is the main test.", EEG),
    Sentence("The page does not speak of vitamins.", absent=("vitamin",)),
    Sentence("Some brain conditions raise the risk, but it does not list them.", empty_list=BRAIN),
    Sentence("Ask your child's doctor if you see spasms.", advice=True),
    Sentence("In an emergency, call 911.", advice=True),
    Sentence("Never stop a medicine on your own.", advice=True),
]
UNSOUND = [
    # A drug, disease, test, service or person that its quotes do not have.
    ("term", claim("Vigabatrin is given for about one month.", HORMONES)),
    ("term", claim("Prednisolone is taken by mouth.", VIGABATRIN)),
    ("term", claim("The main test for IESS is blood pressure.", EEG)),
    ("term", claim("The EEG is the main test for autism.", EEG)),
    ("term", claim("The TSC clinic is the main test.", EEG)),
    ("term", claim("A nurse may take vigabatrin.", VIGABATRIN)),
    ("word", claim("Children may take prednisone.", VIGABATRIN)),
    ("word", claim("Vigabatrin is safe.", VIGABATRIN)),
    ("word", claim("A fever can cause IESS.", GENES)),
    # Another number, unit or range.
    ("amount", claim("It takes about two months.", HORMONES)),
    ("amount", claim("It takes about one year.", HORMONES)),
    ("amount", claim("It takes a week.", HORMONES)),
    ("amount", claim("It may last from six months to three years.", LENGTH)),
    ("amount", claim("They start at 3 to 9 months.", AGE)),
    ("amount", claim("They can last several hours.", CLUSTERS)),
    ("amount", claim("They start when a child is a few days old.", AGE)),
    ("amount", claim("There are three tests.", EEG)),
    # The opposite.
    ("polarity", claim("The spasms are painful.", PAIN)),
    ("polarity", claim("The EEG is not the main test for IESS.", EEG)),
    # Quotes that are none.
    ("quote", claim("The EEG is the main test.", "The EEG is the main test for IESS.")),
    ("quote", claim("The EEG is the main test.", " ")),
    ("quote", claim("The spasms are not painful.", PAIN.replace("’", "'"))),
    # A list item of our own.
    ("word", Sentence("It may be:", (GENES,), items=(claim("Rett syndrome", GENES),))),
    ("word", Sentence("It may be:", (GENES,), items=(claim("Things to watch", GENES),))),
    ("term", Sentence("It may be:", (GENES,), items=(claim("Menkes disease", GENES),))),
    ("quote", Sentence("It may be:", (GENES,), items=(claim("Rett", "Rett syndrome"),))),
    # Absences that are none.
    ("absent", Sentence("The page does not speak of ACTH.", absent=("acth",))),
    ("absent", Sentence("The page does not say how to film.", absent=("video", "film"))),
    ("absent", Sentence("The page does not speak of vision loss.", absent=("vitamin",))),
    ("absent", Sentence("The page speaks of vitamins.", absent=("vitamin",))),
    ("absent", Sentence("The page does not speak of (this.", absent=("(this",))),
    ("claim", Sentence("Sabril does not cure autism or vitamins.", absent=("vitamin",))),
    ("claim", Sentence("It does not take 3 vitamins.", absent=("vitamin",))),
    ("empty_list", Sentence("It does not list them.", empty_list=GENES)),
    ("absent", Sentence("Some brain conditions raise the risk of IESS.", empty_list=BRAIN)),
    ("term", Sentence("Strokes raise the risk. It does not list more.", empty_list=BRAIN)),
    # Advice that states a fact.
    ("claim", Sentence("Vigabatrin treats it.", advice=True)),
    ("claim", Sentence("Ask about your child's autism.", advice=True)),
    ("claim", Sentence("Infantile spasms go well.", advice=True)),
    ("claim", Sentence("Please wait two days.", advice=True)),
    # What no sentence of ours may say.
    ("dose", Sentence("Please give 5 mL.", advice=True)),
    ("dose", Sentence("Please ask for 50mg.", advice=True)),
    ("dose", Sentence("Please ask about mg per day.", advice=True)),
    ("dose", Sentence("Please give two pills.", advice=True)),
    ("medicine_advice", Sentence("Please stop taking it.", advice=True)),
    ("medicine_advice", Sentence("Please stop the Sabril.", advice=True)),
    ("medicine_advice", Sentence("Please keep giving the medicine.", advice=True)),
    ("medicine_advice", Sentence("Never stop the medicine.", advice=True)),
]
UNSOUND_SPANISH = [
    ("term", claim("La vigabatrina se toma por un mes.", HORMONES)),
    ("amount", claim("Dura dos meses.", HORMONES)),
    ("amount", claim("Empiezan entre los 3 y los 9 meses.", AGE)),
    ("polarity", claim("Los espasmos son dolorosos.", PAIN)),
    ("word", claim("Los niños pueden tomar prednisona.", VIGABATRIN)),
    ("word", claim("Puede ser leucemia.", GENES)),
    ("claim", Sentence("La vigabatrina es buena.", advice=True)),
    ("claim", Sentence("Los espasmos infantiles se quitan.", advice=True)),
    ("absent", Sentence("La página no habla de ACTH.", absent=("acth",))),
    ("absent", Sentence("La página habla de vitaminas.", absent=("vitamin",))),
    ("dose", Sentence("Dele 5 mililitros.", advice=True)),
    ("medicine_advice", Sentence("Puede dejar de tomar vigabatrina.", advice=True)),
    ("medicine_advice", Sentence("Por favor, deje de darle la medicina.", advice=True)),
]


@pytest.mark.parametrize("sentence", SOUND, ids=lambda s: s.say)
def test_sound_sentence_passes(
    sentence: Sentence, base: Answer, library: Library, glossary: Glossary
) -> None:
    assert check_answer(said(sentence)(base), library, glossary) == []


@pytest.mark.parametrize(
    ("rule", "sentence", "lang"),
    [(*row, "en") for row in UNSOUND] + [(*row, "es") for row in UNSOUND_SPANISH],
    ids=lambda value: value.say if isinstance(value, Sentence) else value,
)
def test_unsound_sentence_is_caught(
    rule: str, sentence: Sentence, lang: str, base: Answer, library: Library, glossary: Glossary
) -> None:
    faults = check_answer(said(sentence, lang)(base), library, glossary)
    says = {sentence.say, *(item.say for item in sentence.items)}
    assert rule in {fault.rule for fault in faults if fault.sentence in says}


def test_item_may_lean_on_the_quotes_of_its_lead_in(
    base: Answer, library: Library, glossary: Glossary
) -> None:
    spoken = "A baby having infantile spasms may:"
    item = claim("Infantile spasms: stiff or rigid", "Appear stiff or rigid")
    alone = said(Sentence(item.say, item.quotes))(base)
    listed = said(Sentence("A baby may:", (spoken,), items=(item,)))(base)
    assert "term" in rules(alone, library, glossary)
    assert rules(listed, library, glossary) == set()


def sms(text: str) -> Callable[[Answer], Answer]:
    return lambda answer: replace(answer, sms={"en": (Sentence(text, advice=True),)})


def web(*texts: str) -> Callable[[Answer], Answer]:
    sentences = tuple(Sentence(text, advice=True) for text in texts)
    return lambda answer: replace(answer, web={"en": sentences})


HARD = "Please undertake comprehensive multidisciplinary surveillance of complications."


@pytest.mark.parametrize(
    ("rule", "spoil"),
    [
        ("sms_size", sms("Ask us now. " * 19 + "Ok?")),  # 231 septets
        ("sms_size", sms("Ask us now. " * 18 + "Or? {phone}")),  # 227 until it is filled in: 232
        ("sms_size", sms("Ask us now. " * 18 + "{hospital}")),
        ("gsm7", sms("Por favor, pida una línea.")),
        ("gsm7", sms("Ask your child’s doctor.")),
        ("placeholder", sms("Ask {doctor}.")),
        ("grade", web(HARD, HARD)),
        ("grade", sms(HARD)),
        ("length", web("Please ask.")),
        ("length", web(*("Please ask.",) * 6)),
        ("length", web("Please ask. Please. Yes. No. Ask.", "Please ask.")),
        ("notice", lambda a: replace(a, notice=None)),
        ("notice", lambda a: replace(a, notice="dose_refusal")),
        ("notice", lambda a: replace(a, topic="greet", notice="welcome")),
        ("title", lambda a: replace(a, title={"en": "x" * 29})),
        ("title", lambda a: replace(a, title={"en": "x", "es": ""})),
        ("question", lambda a: replace(a, question={"en": "x" * 61})),
        ("way_on", lambda a: replace(a, next=())),
        ("way_on", lambda a: replace(a, next=("teething",))),
        ("duplicate", lambda a: replace(a, topic="eeg")),
    ],
)
def test_unsound_text_is_caught(
    rule: str,
    spoil: Callable[[Answer], Answer],
    base: Answer,
    library: Library,
    glossary: Glossary,
) -> None:
    assert rule in rules(spoil(base), library, glossary)


@pytest.mark.parametrize(
    "change",
    [
        sms("Ask us now. " * 19 + "Ok"),  # 230 septets
        sms("Ask us now. " * 18 + "? {phone}"),
        web("Please ask.", "Yes."),
        web(*("Please ask.",) * 5),
        web("Please ask.", "Call {phone}."),
        lambda a: replace(a, title={"en": "x" * 28}),
        lambda a: replace(a, question={"en": "x" * 60}),
    ],
)
def test_text_at_the_limit_passes(
    change: Callable[[Answer], Answer], base: Answer, library: Library, glossary: Glossary
) -> None:
    assert rules(change(base), library, glossary) == set()


def test_phone_number_is_a_way_on(base: Answer, library: Library, glossary: Glossary) -> None:
    nowhere = replace(base, next=())
    called = replace(
        nowhere,
        web={"en": (Sentence("Please ask.", advice=True), Sentence("Call {phone}.", advice=True))},
        sms={"en": (Sentence("Please call {phone}.", advice=True),)},
    )
    assert "way_on" in rules(nowhere, library, glossary)
    assert "way_on" not in rules(called, library, glossary)


def test_list_items_count_neither_as_sentences_nor_for_the_grade(
    base: Answer, library: Library, glossary: Glossary
) -> None:
    tsc = claim("Tuberous sclerosis complex (TSC)", "Tuberous sclerosis complex (TSC)")
    listed = Sentence("These may cause IESS:", (GENES,), items=(tsc,) * 7)
    assert rules(said(listed)(base), library, glossary) == set()


def test_notice_is_asked_of_medical_topics_only() -> None:
    assert {"signs", "causes", "diagnosis", "treatment"} <= NEEDS_NOTICE < set(TOPICS)
    assert not NEEDS_NOTICE & {*FALLBACKS, *SMALLTALK}


def test_hospital_fits_into_the_room_that_texts_leave(hospital: Hospital) -> None:
    for placeholder, widest in WIDEST.items():
        filled = hospital.fill(placeholder, "sms")
        assert sms_size(filled).units <= sms_size(widest).units
    assert len(WIDEST["{phone}"]) == 12


def test_fault_says_where_and_what(base: Answer, library: Library, glossary: Glossary) -> None:
    sentence = claim("Your child receives it for two months.", HORMONES)
    (fault,) = check_answer(said(sentence)(base), library, glossary)
    assert (fault.topic, fault.channel, fault.lang) == ("treatment", "web", "en")
    assert fault.sentence == sentence.say
    assert fault.what == "2 month stands in none of its quotes"
