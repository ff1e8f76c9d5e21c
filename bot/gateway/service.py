"""The parts of a running gateway, opened once from the settings."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
from dataclasses import dataclass

import httpx

from bot import language
from bot.danger import load_limits
from bot.encoder import Encoder
from bot.errors import BuildError, ConfigError
from bot.gateway.dialogue import Dialogue
from bot.gateway.engine import Engine
from bot.gateway.limits import Limits
from bot.gateway.metrics import Exposition, Stock
from bot.gateway.record.origins import Origins
from bot.gateway.record.recorder import Recorder, open_recorder
from bot.gateway.record.settings import load_record_settings
from bot.gateway.sms.service import SmsService
from bot.gateway.sms.settings import load_sms_settings
from bot.gateway.sms.texts import load_texts
from bot.gateway.tend import Tending
from bot.gateway.tokens import Tokens
from bot.gateway.web.assets import Assets
from bot.gateway.web.pages import Pages
from bot.live import Content, LiveContent, LiveSafety
from bot.other_languages import load_other_languages, warm_up
from bot.settings import ROOT, Settings
from bot.store import Feedback, Store
from bot.store.content import ContentStore
from bot.store.retention import purge
from bot.store.trackers import Trackers
from bot.triage import Triage
from bot.urgency import Signals

log = logging.getLogger(__name__)


@dataclass
class Service:
    """What the routes stand on."""

    settings: Settings
    dialogue: Dialogue
    engine: Engine
    store: Store
    tokens: Tokens
    operator_key: str
    feedback: Feedback
    trackers: Trackers
    pages: Pages
    assets: Assets
    content: ContentStore
    live: LiveContent
    limits: Limits
    sms: SmsService | None = None
    recorder: Recorder | None = None

    @property
    def content_version(self) -> str:
        """Of what families are told now, for a reply's headers."""
        return self.live.content.version

    @property
    def origins(self) -> Origins:
        """Hashes of conversations."""
        return Origins(self.settings.secret_key)

    def __post_init__(self) -> None:
        self._tending = Tending(
            self.missing, lambda: purge(self.settings, self.store, self.trackers)
        )
        self._exposition: Exposition | None = None

    def start(self) -> None:
        """Begin what runs beside the requests."""
        self.live.start()
        if self.recorder:
            self.recorder.start()
        if self.sms:
            self.sms.start()
        if self.settings.operating.metrics_port:
            stock = Stock(
                self.sms.outbox if self.sms else None, lambda: self.live.content.all_reviews
            )
            self._exposition = Exposition(self.settings, stock)
        self._tending.start()

    def forget(self, conversation_id: str) -> None:
        """Delete a conversation, here and in Rasa's memory.

        Raises:
            SQLAlchemyError: a database does not answer.
        """
        self.store.delete(conversation_id)
        self.trackers.delete(conversation_id)
        if self.recorder:
            self.recorder.forget(conversation_id)

    async def missing(self) -> list[str]:
        """Names of the parts that do not answer."""
        missing = []
        # The one true test: a message goes all the way and comes back.
        if not await self.engine.ready():
            missing = [
                name
                for name, lives in (
                    ("rasa", await self.engine.alive()),
                    ("actions", await self._actions_alive()),
                )
                if not lives
            ] or ["answers"]
        try:
            self.store.ping()
        except Exception:  # noqa: BLE001 - whatever ails the database, it is the database
            missing.append("database")
        return missing

    async def _actions_alive(self) -> bool:
        """True where at least one action server answers at all."""
        async with httpx.AsyncClient(timeout=2.0) as client:
            for url in self.settings.actions_urls:
                with contextlib.suppress(httpx.HTTPError):
                    if (await client.get(f"{url}/health")).status_code == httpx.codes.OK:
                        return True
        return False

    async def close(self) -> None:
        """Give back connections; take the operator's key away."""
        await self._tending.close()
        if self._exposition:
            self._exposition.close()
        self.live.close()
        if self.sms:
            await self.sms.close()
        await self.engine.close()
        await self.limits.close()
        if self.recorder:
            await asyncio.to_thread(self.recorder.close)
        self.store.close()
        self.trackers.close()
        with contextlib.suppress(OSError):
            self.settings.operator_file.unlink(missing_ok=True)


def open_service(settings: Settings) -> Service:
    """Open every part.

    Raises:
        ConfigError: content is broken, or production stands on a placeholder or unsigned text.
    """
    store = Store(settings.database_url)
    content = ContentStore(store.engine)
    live = LiveContent(settings, content)
    if settings.production:
        _refuse_unsigned(settings, live.content)
    hospital, safety = live.content.hospital, LiveSafety(live)
    try:
        encoder = Encoder(settings.var_dir / "encoder" / "current")
    except BuildError as error:
        # The rules still speak; /ready tells through Rasa that the engine is not there.
        log.warning("no learned voice while Rasa is down: %s", error)
        encoder = None
    language.detect("warm up")
    warm_up()
    engine = Engine(settings.rasa_urls, settings.engine_timeout)
    tokens = Tokens(settings.secrets, settings.token_days)
    limits = load_limits(settings.data_dir / "safety" / "learned.yml")
    recorder = open_recorder(
        settings, load_record_settings(), live.content.page, limits, store.engine, encoder
    )
    dialogue = Dialogue(
        triage=Triage.load(settings.data_dir / "safety"),
        safety=safety,
        limits=limits,
        signals=Signals.load(settings.data_dir / "safety" / "signals.yml"),
        engine=engine,
        store=store,
        tokens=tokens,
        encoder=encoder,
        max_text=settings.max_text,
        others=load_other_languages(
            settings.data_dir / "safety" / "other_languages.yml",
            safety,
            hospital,
            signed_only=settings.production,
        ),
        note=recorder.note,
    )
    sms = None
    sms_settings = load_sms_settings(settings)
    if sms_settings:
        texts = load_texts(settings.data_dir / "safety" / "sms.yml", hospital)
        sms = SmsService(
            settings, sms_settings, dialogue, safety, texts, store, forgotten=recorder.forget
        )
    return Service(
        settings,
        dialogue,
        engine,
        store,
        tokens,
        _leave_key(settings),
        Feedback(store.engine),
        Trackers(settings),
        Pages(settings, live),
        open_assets(settings),
        content,
        live,
        Limits(settings),
        sms,
        recorder,
    )


def _refuse_unsigned(settings: Settings, content: Content) -> None:
    """Production stands on what people have signed, in data/ or in the staff area.

    Raises:
        ConfigError: names each text that was never signed, and a placeholder.
    """
    faults = []
    if content.hospital.placeholder:
        faults.append(f"hospital.yml: {content.hospital.phone} is a placeholder")
    unsigned = {f"texts.yml: {name}": forms for name, forms in content.safety.unsigned().items()}
    unsigned["phrases.yml"] = content.phrases.reviews.unsigned
    if settings.guided_check and content.check_reviews:
        name = "(GUIDED_CHECK=off does without) spasm_check.yml"
        unsigned[name] = content.check_reviews.unsigned
    for name, forms in unsigned.items():
        faults += [f"{name} was never signed ({', '.join(forms)})"] if forms else []
    if faults:
        raise ConfigError("production cannot start:\n  " + "\n  ".join(faults))


def open_assets(settings: Settings) -> Assets:
    """The widget that `make build` left, or the released one."""
    return Assets(settings.var_dir / "widget", ROOT / "widget" / "release")


def _leave_key(settings: Settings) -> str:
    """A key that only this machine's operator can read, for `python -m bot ask --explain`."""
    key = secrets.token_urlsafe(32)
    path = settings.operator_file
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(key)
    except OSError as error:
        # A container that may not write, or a full disk: families are served all the same.
        log.warning("no key for --explain: %s", error.strerror)
    return key
