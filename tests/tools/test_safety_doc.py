from __future__ import annotations

from bot.settings import ROOT
from tools.safety_doc import OUT, document


def test_the_document_is_what_the_data_says() -> None:
    assert OUT.read_text(encoding="utf-8") == document(ROOT / "data"), "run: make safety-doc"
