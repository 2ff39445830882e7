"""Changing settings together with the queues that follow from them, in one transaction."""

from __future__ import annotations

from typing import Any

from curation.records import Queue, RegrainError
from curation.store import items, settings
from curation.store.connection import Connection, Store


def change_settings(store: Store, values: dict[str, Any]) -> None:
    """Check and set settings, and bring the queues in line.

    Raises ``RegrainError`` for a key that does not exist, a value that it cannot have, or a second encoder that is the
    first; then nothing changes.
    """
    for key, value in values.items():
        settings.check(key, value)
    _check_encoders(store, values)

    def write(connection: Connection) -> None:
        settings.put_in(connection, values)
        if "review_splits" in values:
            items.close_unreviewed(connection)
            items.open_coarse(connection)
        if "review_splits" in values or "informative_share" in values:
            items.rank_coarse(connection)
        if "review_splits" in values or "noise_share" in values:
            items.rank_noise(connection)
        if "review_splits" in values or "pool_per_target" in values:
            items.open_candidates(connection)

    store.write(write)


def _check_encoders(store: Store, values: dict[str, Any]) -> None:
    first, second = (values.get(key, settings.get(store, key)) for key in ("encoder", "second_encoder"))
    if first == second and {"encoder", "second_encoder"} & values.keys():
        raise RegrainError(
            f"{first} would be the encoder and the second encoder at once: choose another second_encoder, or the empty "
            "text for none"
        )


def change_queue(store: Store, queue: Queue, values: dict[str, Any]) -> None:
    """Change what settings that are kept by queue say of one queue; None leaves the queue without such a rule.

    What they say of other queues stays. Raises ``RegrainError`` as ``change_settings`` does; then nothing changes.
    """

    def write(connection: Connection) -> None:
        for key, value in values.items():
            others = {name: rule for name, rule in settings.get_in(connection, key).items() if name != queue}
            whole = others if value is None else {**others, queue: value}
            settings.check(key, whole)
            settings.put_in(connection, {key: whole})

    store.write(write)
