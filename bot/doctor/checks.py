"""All checks in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from bot.doctor import content, databases, machine
from bot.doctor.finding import Finding, bad, ok
from bot.errors import BotError
from bot.gateway.sms.settings import load_sms_settings
from bot.settings import Settings, load_settings

# In the order in which their faults would show.
CHECKS: tuple[Callable[[Settings], Iterable[Finding]], ...] = (
    machine.interpreters,
    machine.built,
    machine.widget,
    machine.disk,
    machine.clock,
    machine.ports,
    databases.gateway,
    databases.trackers,
    databases.redis,
    content.secrets,
    content.proxies,
    content.hospital,
    content.texts,
)


def examine(environ: Mapping[str, str] | None = None) -> list[Finding]:
    """Run every check; one that fails in an unforeseen way is a finding, too.

    Args:
        environ: the environment that the service would run in.
    """
    try:
        settings = load_settings(environ)
        sms = load_sms_settings(settings, environ)
    except BotError as error:
        return [bad("settings", str(error), "Correct the variable; docs/settings.md has them all.")]
    findings = [ok("settings", f"{settings.environment}; SMS is {'on' if sms else 'off'}")]
    for check in CHECKS:
        try:
            findings += check(settings)
        except Exception as error:  # noqa: BLE001 - the doctor sees the others all the same
            # The type only: a database's error quotes its address, and that its password.
            name = check.__name__
            findings.append(bad(name, f"cannot be checked: {type(error).__name__}", "Look at it."))
    return findings
