from __future__ import annotations

import pytest

from bot.sealing import Seal, Sealed

OLD, NEW = "old" * 12, "new" * 12


def test_what_was_sealed_opens_with_an_older_key() -> None:
    sealed = Seal([OLD], b"x").seal({"text": "Maria"})
    assert "Maria" not in sealed
    assert Seal([NEW, OLD], b"x").open(sealed) == {"text": "Maria"}
    # The present key seals.
    assert Seal([NEW], b"x").open(Seal([NEW, OLD], b"x").seal(1)) == 1


@pytest.mark.parametrize("seal", [Seal([NEW], b"x"), Seal([OLD], b"another purpose")])
def test_another_key_or_purpose_opens_nothing(seal: Seal) -> None:
    with pytest.raises(Sealed):
        seal.open(Seal([OLD], b"x").seal(1))


@pytest.mark.parametrize("damaged", ["", "nonsense", "{}", "é", "gAAAA"])
def test_damage_is_told(damaged: str) -> None:
    with pytest.raises(Sealed):
        Seal([OLD], b"x").open(damaged)
