"""Counters as rows of a table, raised and lowered by any number of writers at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

Key = tuple[Any, ...]
AnyKey = TypeVar("AnyKey", bound=Key)


def change(connection: sa.Connection, table: sa.Table, changes: Mapping[AnyKey, int]) -> None:
    """Add to counters; one that is not there begins at zero.

    Args:
        connection: of a transaction.
        table: whose primary key is the key, in order of its columns, beside a column `count`.
        changes: key -> what to add; may be negative.
    """
    keys = [column.name for column in table.primary_key.columns]
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    insert = dialect.insert(table)
    upsert = insert.on_conflict_do_update(
        index_elements=keys, set_={"count": table.c.count + insert.excluded.count}
    )
    # In one order everywhere, so that two writers never wait for each other.
    rows = [
        {**dict(zip(keys, key, strict=True)), "count": changes[key]}
        for key in sorted(changes)
        if changes[key]
    ]
    for row in rows:
        connection.execute(upsert, row)
