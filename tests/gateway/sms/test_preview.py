"""What staff see of a conversation by SMS is what a phone gets in it, message for message."""

from __future__ import annotations

import asyncio

import pytest

from bot.gateway.service import Service
from bot.gateway.sms.texts import SmsTexts
from bot.gateway.staff.tryout import Player
from bot.reply import SafetyCatalogue
from tests.gateway.sms.conftest import Phone

CONVERSATIONS = [
    ["what is an eeg", "my baby keeps crunching up when he wakes", "thanks"],
    ["his lips are blue and hes not breathing", "HELP", "what is an eeg", "the ambulance is here"],
    ["¿qué es un eeg?", "AYUDA", "más", "i want to die"],
    ["STOP", "what is an eeg", "START", "what is an eeg", "DELETE", "help"],
    ["please stop texting me", "hello", "start"],
    ["more", "stop the spasms", 'Liked "hello"', "what is an eeg"],
    ["word " * 500, "what is an eeg"],
]


@pytest.mark.parametrize("turns", CONVERSATIONS)
def test_a_preview_is_what_the_phone_gets(
    phone: Phone,
    service: Service,
    safety: SafetyCatalogue,
    texts: SmsTexts,
    turns: list[str],
) -> None:
    real: list[list[str]] = []
    for turn in turns:
        before = len(phone.fake.to(phone.number))
        phone.write(turn)
        real.append(phone.fake.to(phone.number)[before:])
    player = Player(service.dialogue, service.forget, service.tokens, safety, texts)
    told = asyncio.run(player.play(turns))
    preview = [[b.text for b in one.phone.bubbles if not b.asked] for one in told]
    assert preview == real
