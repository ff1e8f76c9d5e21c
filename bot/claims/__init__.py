"""Does the page say it? A verdict on every sentence of any text, in English or Spanish."""

from bot.claims.checker import ClaimChecker, Report, Verdict

__all__ = ["ClaimChecker", "Report", "Verdict"]
