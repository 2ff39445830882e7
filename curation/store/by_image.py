"""The coarse queue image by image: one fine caption does not excuse four coarse ones."""

from __future__ import annotations

from typing import Literal, get_args

from curation.store import hands
from curation.store.connection import Store
from curation.store.filters import Filter
from curation.store.queues import Key

By = Literal["coarsest", "mean"]
BYS: tuple[By, ...] = get_args(By)
_VALUE: dict[By, str] = {"coarsest": "max(s.value)", "mean": "avg(s.value)"}


def _image(caption: str) -> str:
    """SQL: the image of a caption's id, which ends in ``#`` and a number; a join of all captions would cost more."""
    return f"regexp_replace({caption}, '#[0-9]+$', '')"


def page(
    store: Store, person: str, n: int, *, narrow: Filter, by: By = "coarsest", after: Key | None = None
) -> list[Key]:
    """Return the next ``n`` images with a caption that a person has still to judge, the coarsest first.

    ``by`` orders them by the score of their coarsest caption, or by the mean over all their captions, judged or not, so
    that the order stays while an image is judged. Each comes as the key after which the next page begins: the value and
    the image's id.
    """
    with store.reading() as cursor:
        reach = hands.ahead(cursor, "coarse", person, narrow)
        beyond = "" if after is None else "WHERE value < ? OR (value = ? AND image_id > ?)"
        keyed = [] if after is None else [after.value, after.value, after.id]
        rows = cursor.execute(
            f"""WITH within AS (SELECT DISTINCT {_image("t.caption_id")} AS image_id FROM item t WHERE {reach.sql}),
            valued AS (SELECT {_image("s.caption_id")} AS image_id, round({_VALUE[by]}, 9) AS value FROM score s
                WHERE s.kind = 'coarse' GROUP BY 1)
            SELECT value, image_id FROM valued SEMI JOIN within USING (image_id) {beyond}
            ORDER BY value DESC, image_id LIMIT ?""",
            [*reach.parameters, *keyed, n],
        ).fetchall()
    return [Key(value, image_id) for value, image_id in rows]
