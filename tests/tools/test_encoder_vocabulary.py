"""Spanish words as pieces of the encoder's vocabulary."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.errors import ContentError
from bot.shorthand import write_out
from tests.conftest import DATA
from tools.encoder_vocabulary import read_glosses, widen

GLOSSES = {"tiene": "has", "convulsiones": "seizures"}


def test_a_word_is_one_piece_and_keeps_its_gloss() -> None:
    vocabulary = widen(GLOSSES)
    pieces = vocabulary.tokenizer.tokenize("Tiene CONVULSIONES")
    assert pieces == ["tiene", "convulsiones"]
    ids = vocabulary.tokenizer.convert_tokens_to_ids(["convulsiones", "seizures"])
    assert vocabulary.glossed[ids[0]] == [ids[1]]


def test_the_other_pieces_stay_as_they_were() -> None:
    import torch

    from tools.encoder_network import Network

    text = "does she have seizures?"
    assert widen(GLOSSES).tokenizer(text).input_ids == widen({}).tokenizer(text).input_ids
    old, new = (Network({"none": ["none"]}, widen(g)).pieces.weight for g in ({}, GLOSSES))
    assert torch.equal(old, new[: len(old)])
    assert len(new) == len(old) + len(GLOSSES)


def test_a_word_that_is_a_piece_already_gets_no_second_one() -> None:
    plain, vocabulary = widen({}), widen({"casa": "home"})
    assert vocabulary.size == plain.size
    assert len(vocabulary.glossed) == 1


def test_the_saved_tokenizer_reads_alike(tmp_path: Path) -> None:
    from tokenizers import Tokenizer

    vocabulary = widen(GLOSSES)
    vocabulary.save(tmp_path / "tokenizer.json")
    text = "mi bebé tiene convulsiones"
    saved = Tokenizer.from_file(str(tmp_path / "tokenizer.json"))
    assert saved.encode(text).ids == vocabulary.tokenizer(text).input_ids


def test_untrained_a_spanish_sentence_lies_where_its_gloss_does() -> None:
    import torch

    from tools.encoder_network import Network

    vocabulary = widen({"mi": "my", "bebe": "baby", **GLOSSES})
    net = Network({"none": ["none"]}, vocabulary).eval()
    given = vocabulary.tokenizer(
        ["mi bebé tiene convulsiones", "my baby has seizures", "where do i park the car"],
        padding=True,
        return_tensors="pt",
    )
    with torch.no_grad():
        vectors = net(given["input_ids"], given["attention_mask"])[0]
    assert float(vectors[0] @ vectors[1]) > 0.95
    assert float(vectors[0] @ vectors[2]) < 0.5


@pytest.mark.parametrize("line", ["hola", "hola\t", "dos palabras\ttwo words", "si\tif\nsi\tyes"])
def test_a_line_of_another_form_is_refused(line: str, tmp_path: Path) -> None:
    path = tmp_path / "glosses.tsv"
    path.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(ContentError, match=r"glosses\.tsv:"):
        read_glosses(path)


def test_a_missing_file_and_a_gloss_that_says_nothing_are_told(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="none.tsv"):
        read_glosses(tmp_path / "none.tsv")
    with pytest.raises(ContentError, match="'casa'"):
        widen({"casa": "房房"})


def test_the_pages_english_does_not_lean_on_a_spanish_word() -> None:
    glosses = read_glosses(DATA / "glosses_es.tsv")
    tokenizer = widen({}).tokenizer
    page = (DATA / "source" / "iess.txt").read_text(encoding="utf-8").lower()
    first = {tokenizer.tokenize(word)[0] for word in re.findall("[a-z]{3,}", page)}
    # "Con" begins one word of the page and stands in every fourth Spanish message.
    assert {w for w in first & set(glosses) if len(w) > 3} == set()


def test_our_words_are_not_rewritten_before_they_are_read() -> None:
    glosses = read_glosses(DATA / "glosses_es.tsv")
    assert [word for word in glosses if write_out(word) != word] == []


def test_our_words_stand_as_the_tokenizer_reads_them() -> None:
    tokenizer = widen({}).tokenizer.backend_tokenizer
    glosses = read_glosses(DATA / "glosses_es.tsv")
    assert [w for w in glosses if tokenizer.normalizer.normalize_str(w) != w] == []
    assert list(glosses) == sorted(glosses)
