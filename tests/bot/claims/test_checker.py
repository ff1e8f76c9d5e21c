from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.answers import Library
from bot.claims import ClaimChecker
from tests.conftest import DATA

TRUE = [
    # The condition
    "IESS is an uncommon type of epilepsy in children.",
    "Most of the time it begins before a child turns one.",
    "Another name for infantile spasms is West syndrome.",
    "West syndrome was named after an English doctor who saw it in his own son in the 1840s.",
    "The seizures can look like a hard crunch of the body or a jerk of the head.",
    "It can be hard to spot infantile spasms because they are short and look like a startle.",
    "Finding it early matters, since IESS can have a big effect on how a baby develops.",
    "This condition does not affect every child in the same way.",
    "Infantile spasms are not common.",
    # Causes
    "A problem with the structure of the brain can cause infantile spasms.",
    "Genetic conditions and metabolic disorders are among the causes.",
    "Some conditions behind the spasms are there from birth, and others develop after birth.",
    "If doctors cannot find a cause, the spasms are called cryptogenic.",
    "Down syndrome is one of the genetic disorders listed as a possible cause.",
    "TSC is one of the most common genetic causes of infantile spasms.",
    "PKU is named among the metabolic disorders.",
    "Leigh syndrome is an example of a mitochondrial disorder.",
    "Aicardi syndrome, Miller-Dieker syndrome and Dup15q may cause IESS.",
    "Certain brain conditions raise the risk of IESS.",
    # Signs
    "Spasms usually start between three and eight months of age.",
    "They tend to go away at around 2 to 4 years of age.",
    "Babies with infantile spasms have a high risk of other kinds of seizures as they grow up.",
    "Infantile spasms look different from typical seizures.",
    "People sometimes confuse the spasms with colic, a startle reflex or reflux.",
    "The spasms do not hurt, but they may cause discomfort.",
    "A baby might cry during the spasms.",
    "Each spasm may be over in a few seconds.",
    "Spasms often come in clusters, and a cluster can go on for several minutes.",
    "You might see spasms as your baby wakes up from a nap.",
    "Filming your baby when something looks odd can help the doctor make a diagnosis.",
    "A baby may go stiff, arch the back or nod the head slightly.",
    "The eyes may roll back or stare wide open.",
    "Lifting the neck and shoulders can be a sign of infantile spasms.",
    "Babies can lose skills they had learned, like babbling.",
    "Development may stall or go backward.",
    "Signs of autism are listed among the other symptoms.",
    # Diagnosis
    "The main test for infantile spasms is an EEG.",
    "An EEG checks the activity of the child's brain.",
    "Hypsarrhythmia is a chaotic pattern that is linked to IESS.",
    "Your child will be admitted to the hospital for EEGs and other tests.",
    "Pediatric neurologists diagnose and treat IESS.",
    "It is important to see doctors who know IESS well, because it can be hard to diagnose.",
    # Treatment
    "There are 2 first-line treatments for IESS.",
    "Hormonal treatment means high-dose steroids, by mouth or as a shot.",
    "ACTH is given as a shot.",
    "Prednisolone is a liquid taken by mouth.",
    "Hormonal therapy goes on for about a month.",
    "Vigabatrin is a seizure medicine that is taken by mouth.",
    "Vigabatrin treatment can last between 6 months and 2 years.",
    "Sabril has a small risk of loss of side vision.",
    "Children on vigabatrin get eye exams.",
    # Services
    "Blood pressure and vision are watched closely during treatment.",
    "The hospital has one of the largest ketogenic diet programs in the country.",
    "Physical, occupational and speech therapy may help your child.",
    "Inpatient rehab takes place at the Shirley Ryan AbilityLab.",
    "Some children may need epilepsy surgery later on if other treatments do not work.",
    "Psychologists and social workers support the family.",
    # Absences
    "The page does not say which side effects steroids have.",
    "The page does not list the brain conditions that raise the risk.",
    "It says nothing about vaccines.",
]
FALSE = [
    # Numbers, durations, ages, counts
    ("Infantile spasms commonly appear between 5 and 10 months of age.", "missing number"),
    ("The spasms tend to resolve by 6 to 8 years of age.", "missing number"),
    ("Hormonal treatment lasts about three months.", "missing number"),
    ("Vigabatrin is taken for six months to three years.", "missing number"),
    ("There are three first-line treatments for IESS.", "missing number"),
    ("Each spasm lasts for several minutes.", "missing number"),
    ("Clusters of spasms last a few hours.", "missing number"),
    ("West described the condition in the 1920s.", "missing number"),
    ("IESS usually begins before the second birthday.", None),
    ("Spasms tend to appear between 2 and 4 years old.", "missing number"),
    ("Your child gets ACTH for six months to two years.", None),
    ("Vigabatrin is given for about one month.", None),
    ("The hospital stay takes three days.", None),
    # Drugs, routes, roles
    ("Prednisolone is given by injection.", None),
    ("ACTH is taken by mouth.", None),
    ("Vigabatrin is a shot.", None),
    ("Keppra is a first-line treatment for IESS.", None),
    ("Prednisone is given by mouth.", None),
    ("Prednisolone carries a small risk of peripheral vision loss.", "other drug"),
    ("Vigabatrin is a high-dose steroid.", None),
    ("ACTH is an antiseizure medication.", None),
    ("Hormonal treatment includes vigabatrin.", None),
    ("Children on ACTH need vision screenings because it can harm side vision.", None),
    ("IESS can cause Down syndrome.", "reversed meaning"),
    ("Pediatricians diagnose and treat IESS.", None),
    ("Nurses perform brain surgery.", None),
    # Invented or misplaced list items
    ("Rett syndrome is one of the genetic disorders listed.", "not on the page"),
    ("Menkes disease is one of the genetic disorders that may cause IESS.", "not on the page"),
    ("Genetic causes include Down syndrome, TSC and PKU.", "not on the page"),
    ("Metabolic causes include Menkes disease and diabetes.", "not on the page"),
    ("Vaccines can cause infantile spasms.", "not on the page"),
    ("Fever is a sign of infantile spasms.", "not on the page"),
    ("A baby having spasms may vomit or turn blue.", "not on the page"),
    ("Colic is a sign of infantile spasms.", "not on the page"),
    ("Spasms can be mistaken for asthma.", "not on the page"),
    ("The main test for IESS is an MRI.", "not on the page"),
    ("Your child will have a spinal tap in the hospital.", "not on the page"),
    ("Rehabilitation services include music therapy.", "not on the page"),
    ("The hospital offers acupuncture for infantile spasms.", "not on the page"),
    # Negation and opposites
    ("The spasms are painful.", "reversed meaning"),
    ("Infantile spasms look just like typical seizures.", None),
    ("IESS is a common form of epilepsy.", "reversed meaning"),
    ("The EEG is not the main test for IESS.", "reversed meaning"),
    ("Early diagnosis is not important.", "reversed meaning"),
    ("Babies with infantile spasms are at low risk of other seizures later.", "reversed meaning"),
    ("Infantile spasms never go away.", None),
    ("When the cause is known, the seizures are called cryptogenic.", "reversed meaning"),
    ("Infantile spasms are easy to recognize.", "reversed meaning"),
    ("Vigabatrin carries a large risk of peripheral vision loss.", "reversed meaning"),
    ("Other symptoms occur before the seizures start.", "reversed meaning"),
    ("Epilepsy surgery is for seizures that respond to other therapies.", "reversed meaning"),
    # Strength and superlatives
    ("Aicardi syndrome always causes IESS.", "stronger than the page"),
    ("All children with IESS take vigabatrin.", "stronger than the page"),
    ("TSC is the most common genetic cause of infantile spasms.", "stronger than the page"),
    ("Every baby with infantile spasms loses learned skills.", "stronger than the page"),
    ("Children with IESS need epilepsy surgery.", None),
    ("Vigabatrin is safe.", "not on the page"),
    # Absences that are none
    ("The page does not say how long hormonal treatment lasts.", "on the page"),
    ("The page does not mention vision loss.", "on the page"),
    ("It says nothing about the ketogenic diet.", "on the page"),
]


@pytest.fixture(scope="module")
def checker() -> ClaimChecker:
    return ClaimChecker.load(DATA)


@pytest.mark.parametrize("text", TRUE)
def test_true_claim_is_supported(text: str, checker: ClaimChecker) -> None:
    report = checker.check(text)
    assert report.supported is True, report


@pytest.mark.parametrize(("text", "reason"), FALSE)
def test_false_claim_is_caught(text: str, reason: str | None, checker: ClaimChecker) -> None:
    report = checker.check(text)
    assert report.supported is False, report
    assert reason in {None, *(v.reason for v in report.sentences)}


SPANISH = [
    ("Los espasmos infantiles suelen empezar entre los 3 y los 8 meses.", True),
    ("La vigabatrina se toma por la boca.", True),
    ("El tratamiento hormonal dura cerca de un mes.", True),
    ("Los espasmos no son dolorosos.", True),
    ("El IESS es una forma poco común de epilepsia.", True),
    ("La página no habla de vacunas.", True),
    ("La vigabatrina dura un mes.", False),
    ("La prednisolona se da en inyección.", False),
    ("Los espasmos son dolorosos.", False),
    ("Hay tres tratamientos de primera línea.", False),
    ("El síndrome de Rett es una de las causas genéticas.", False),
    ("La página no habla de la cirugía.", False),
]


@pytest.mark.parametrize(("text", "supported"), SPANISH)
def test_spanish_claim(text: str, supported: bool, checker: ClaimChecker) -> None:
    assert checker.check(text).supported is supported


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Call your child's doctor today.", "advice"),
        ("In an emergency, call 911.", "advice"),
        ("Please ask the care team.", "advice"),
        ("Hello.", "other"),
        ("I am an automated guide.", "other"),
        ("What is an EEG?", "other"),
        ("A baby may:", "other"),
        ("The page does not mention vitamins.", "absence"),
        ("Vitamins are not mentioned on the page.", "absence"),
        ("Spasms are brief.", "claim"),
        # Advice that states a drug or an amount is a claim, and has to stand on the page.
        ("Stop vigabatrin after one month.", "claim"),
        ("Give the steroid for three weeks.", "claim"),
    ],
)
def test_kind_of_a_sentence(text: str, kind: str, checker: ClaimChecker) -> None:
    (verdict,) = checker.check(text).sentences
    assert verdict.kind == kind
    assert (verdict.supported is None) == (kind in {"advice", "other"})


def test_text_is_supported_where_every_claim_is(checker: ClaimChecker) -> None:
    mixed = checker.check("Hello. The EEG is the main test. Spasms are painful. Ask your doctor.")
    assert [v.supported for v in mixed.sentences] == [None, True, False, None]
    assert mixed.supported is False
    assert checker.check("The EEG is the main test. Ask your doctor.").supported is True
    assert checker.check("Hello. Ask your doctor.").supported is None
    assert checker.check("").supported is None


@pytest.mark.parametrize(
    ("text", "supported"),
    [
        ("Vigabatrin is taken by mouth. It may last six months to two years.", True),
        ("Vigabatrin is taken by mouth. It is given for about one month.", False),
        ("Vigabatrin is a medicine. The page does not say how long it lasts.", False),
        ("ACTH is a shot. It lasts about one month.", True),
        ("ACTH is a shot. It lasts six months to two years.", False),
        ("Vigabatrin is taken by mouth, while ACTH is given by injection.", True),
        ("Vigabatrin is given by injection, while ACTH is taken by mouth.", False),
        ("These genetic disorders may cause IESS:\n- Aicardi syndrome\n- Trisomy 21", True),
        ("These genetic disorders may cause IESS:\n- Aicardi syndrome\n- PKU", False),
    ],
)
def test_pronouns_clauses_and_lists(text: str, supported: bool, checker: ClaimChecker) -> None:
    assert checker.check(text).supported is supported


def test_quote_is_literal(checker: ClaimChecker, library: Library) -> None:
    for text in (*TRUE, *(text for text, _ in FALSE)):
        for verdict in checker.check(text).sentences:
            assert verdict.quote is None or verdict.quote in library.page.text
            assert (verdict.reason is None) == (verdict.supported is not False)


def test_curated_claims_are_supported(checker: ClaimChecker, library: Library) -> None:
    """What the answers say with a quote, the check finds by itself, but for one in fifty."""
    said = [
        (f"{s.say}\n- {item.say}" if item else s.say)
        for answer in library
        for s in (*answer.web["en"], *answer.sms["en"])
        if s.quotes
        for item in (None, *s.items)
    ]
    missed = [text for text in said if checker.check(text).supported is False]
    assert len(missed) <= len(said) / 50, missed


def test_command_prints_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "The spasms are painful. Ask your doctor."]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line) == {
        "id": None,
        "supported": False,
        "sentences": [
            {
                "text": "The spasms are painful.",
                "kind": "claim",
                "supported": False,
                "quote": "Although the spasms aren’t painful, they can be uncomfortable.",
                "reason": "reversed meaning",
            },
            {
                "text": "Ask your doctor.",
                "kind": "advice",
                "supported": None,
                "quote": None,
                "reason": None,
            },
        ],
    }


def test_command_answers_each_line_in_order(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [{"id": 7, "text": "ACTH is a shot."}, {"id": "b", "text": "ACTH is a pill."}]
    path = tmp_path / "claims.jsonl"
    path.write_text("\n\n".join(map(json.dumps, lines)) + "\n", encoding="utf-8")
    assert main(["check", "--jsonl", str(path)]) == 0
    out = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(o["id"], o["supported"]) for o in out] == [(7, True), ("b", False)]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read"),
        ("{}", "line 1: needs"),
        ('{"id": 1, "text": "ACTH is a shot."}\nno json', "line 2: needs"),
        ('{"id": 1, "text": 5}', "line 1: needs"),
        ("[1]", "line 1: needs"),
    ],
)
def test_command_names_the_fault(
    content: str | None, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "claims.jsonl"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    assert main(["check", "--jsonl", str(path)]) == 1
    error = capsys.readouterr().err
    assert error.startswith("error: ") and said in error and error.count("\n") == 1


def test_command_needs_a_text_or_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 1
    assert main(["check", "text", "--jsonl", "file"]) == 1
    assert "either a text or --jsonl" in capsys.readouterr().err
