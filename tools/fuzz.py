"""`make fuzz`: any bytes through recovery, cleaning, triage, rendering and tokens, without a fault.

Atheris guides the input by what the code has not run yet. It stops at the first fault and leaves
the input in a file `crash-...`. `tests/test_any_input.py` asks the same of random input, briefly.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["bot"]):
    from bot import language
    from bot.gateway.recover import recover
    from bot.gateway.tokens import Tokens
    from bot.text import MAX_TRIAGE_CHARS, clean, fold, sms_size, sms_text, to_gsm7
    from bot.triage import Triage
    from tools.steps import ROOT

TRIAGE = Triage.load(ROOT / "data" / "safety")
TOKENS = Tokens(["k" * 40], 30)
SECONDS = 120


def check(data: bytes) -> None:
    """One input; raises where something does not hold."""
    said = recover(data)
    TOKENS.read(said.token)
    text = clean(said.words[:MAX_TRIAGE_CHARS])
    assert clean(text) == text
    fold(text)
    finding = TRIAGE.read(text)
    assert finding.level in ("routine", "urgent", "crisis", "emergency")
    language.detect(text)
    language.wish(text)
    sms = sms_text(text)
    assert sms_size(sms).segments >= 1
    assert sms_size(to_gsm7(text)).encoding == "GSM-7"


if __name__ == "__main__":
    options = sys.argv[1:] or [f"-max_total_time={SECONDS}", "-max_len=4000", "-rss_limit_mb=4096"]
    atheris.Setup([sys.argv[0], *options], check)
    atheris.Fuzz()
