from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bot.training_data import Example
from eval import crossval, pipelines, rasa_models
from eval.crossval import FOLDS, splits
from eval.rasa_models import Trained
from eval.systems import Prediction

EXAMPLES = [Example(f"{i} {n}", i, "routine", "") for i in ("eeg", "pain") for n in range(10)]


def test_folds_share_nothing_and_cover_everything() -> None:
    found = splits(EXAMPLES)
    assert len(found) == FOLDS
    assert sorted(e.text for _, test in found for e in test) == sorted(e.text for e in EXAMPLES)
    for learn, test in found:
        assert not {e.text for e in learn} & {e.text for e in test}
        assert Counter(e.intent for e in test) == {"eeg": 2, "pain": 2}
    assert splits(EXAMPLES) == found


def test_only_what_was_not_learnt_is_tested(monkeypatch: pytest.MonkeyPatch) -> None:
    learnt: set[str] = set()

    def train(name: str, pipeline: object, examples: list[Example]) -> Trained:
        learnt.clear()
        learnt.update(e.text for e in examples)
        return Trained(Path("x"), 60, 0.9)

    def predict(trained: Trained, texts: list[str]) -> list[Prediction]:
        assert not learnt & set(texts)
        return [Prediction((("eeg", 0.9),)) for _ in texts]

    monkeypatch.setattr(crossval, "train", train)
    monkeypatch.setattr(crossval, "predict", predict)
    found = crossval.validate("x", [], EXAMPLES, 2)
    assert found.accuracy.n == 8
    assert found.accuracy.value == 0.5
    assert found.macro_f1 == pytest.approx((2 / 3 + 0) / 2)
    assert found.fit == pytest.approx(0.9)


def test_diet_takes_the_place_of_the_classifier_on_the_same_features() -> None:
    ours = pipelines.classifier_alone(pipelines.ours())
    names = [part["name"] for part in pipelines.with_diet(ours, 3)]
    assert names.count("DIETClassifier") == 1
    assert not any(name.endswith("TopicClassifier") for name in names)
    wanted = [part["name"] for part in ours if "Featurizer" in part["name"]]
    assert [name for name in names if "Featurizer" in name] == wanted


def test_another_encoder_leaves_our_own_pipeline_as_it_is() -> None:
    ours = pipelines.ours()
    changed = pipelines.with_encoder(ours, "elsewhere")
    assert [p["folder"] for p in changed if "EncoderFeaturizer" in p["name"]] == ["elsewhere"]
    assert ours == pipelines.ours()


def test_a_model_is_known_by_settings_data_and_encoder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rasa_models, "ROOT", tmp_path)
    pipeline = [{"name": "EncoderFeaturizer", "folder": "encoder"}]
    (tmp_path / "encoder").mkdir()
    keys = set()
    for text, epochs, count in (("a", 1, 20), ("b", 1, 20), ("b", 2, 20), ("b", 2, 19)):
        (tmp_path / "encoder" / "meta.json").write_text(text)
        keys.add(rasa_models._key([*pipeline, {"epochs": epochs}], EXAMPLES[:count]))
    assert len(keys) == 4
