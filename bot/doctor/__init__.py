"""`python -m bot doctor`: looks an installation over, and says what to mend."""

from bot.doctor.checks import examine
from bot.doctor.finding import Finding

__all__ = ["Finding", "examine"]
