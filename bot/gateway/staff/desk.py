"""The parts of the staff area, opened once."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from fastapi import Request

from bot.gateway.service import Service
from bot.gateway.staff.provider import Provider
from bot.gateway.staff.settings import StaffSettings
from bot.settings import Settings
from bot.store import Accounts, Audit, Lockout, Sessions
from bot.store.sessions import Limits


@dataclass
class Desk:
    """What the staff pages stand on."""

    settings: Settings
    staff_settings: StaffSettings
    engine: sa.Engine
    audit: Audit
    accounts: Accounts
    sessions: Sessions
    lockout: Lockout
    provider: Provider | None


def open_desk(settings: Settings, staff_settings: StaffSettings, engine: sa.Engine) -> Desk:
    """Open every part on the database of the gateway."""
    audit = Audit(engine)
    return Desk(
        settings,
        staff_settings,
        engine,
        audit,
        Accounts(engine, audit),
        Sessions(engine, Limits(staff_settings.idle, staff_settings.longest)),
        Lockout(engine, settings.secret_key, staff_settings.lock_seconds),
        Provider(staff_settings.oidc) if staff_settings.oidc else None,
    )


def desk_of(request: Request) -> Desk:
    """The staff area's own parts."""
    desk: Desk = request.app.state.desk
    return desk


def service_of(request: Request) -> Service:
    """The gateway's parts: dialogue, library, hospital and the rest."""
    service: Service = request.app.state.service
    return service
