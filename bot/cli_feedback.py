"""`python -m bot feedback`: what families found helpful, for staff who mend the answers."""

from __future__ import annotations

from bot.settings import Settings


def feedback(settings: Settings) -> int:
    """Print the counts as a table, one line a topic, language and vote."""
    # Only here: the command line starts without a database.
    from bot.store import Feedback, Store

    store = Store(settings.database_url)
    try:
        totals = Feedback(store.engine).totals()
    finally:
        store.close()
    if not totals:
        print("No family has said yet whether an answer helped.")
    for vote, count in totals:
        said = vote.reason or ("helpful" if vote.helpful else "not helpful")
        print(f"{count:6}  {vote.topic:32} {vote.lang}  {said}")
    return 0
