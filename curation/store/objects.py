"""Things that imported detections name in pictures, with their attributes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from curation.store.connection import Connection, Store

Objects = Sequence[tuple[str, Sequence[str]]]
"""Names with their attributes, in the detector's order."""


def put(store: Store, found: Mapping[str, Objects]) -> dict[str, int]:
    """Replace the objects of images, by image id; return how many images are known, unknown, and objects kept.

    Images that the workspace does not hold are counted and left out.
    """
    import pyarrow as pa

    rows = [
        {"image_id": image, "n": n, "name": name, "attributes": list(attributes)}
        for image, objects in found.items()
        for n, (name, attributes) in enumerate(objects)
    ]
    schema = pa.schema([
        ("image_id", pa.string()), ("n", pa.int32()), ("name", pa.string()), ("attributes", pa.list_(pa.string()))
    ])  # fmt: skip

    def write(connection: Connection) -> dict[str, int]:
        connection.register("named", pa.table({"image_id": pa.array(list(found), pa.string())}))
        connection.register("fresh", pa.Table.from_pylist(rows, schema=schema))
        connection.execute("DELETE FROM image_object WHERE image_id IN (SELECT image_id FROM named)")
        connection.execute("INSERT INTO image_object SELECT * FROM fresh WHERE image_id IN (SELECT id FROM image)")
        counted = connection.execute(
            """SELECT count(DISTINCT i.id), (SELECT count(*) FROM fresh f WHERE f.image_id IN (SELECT id FROM image))
            FROM named n JOIN image i ON i.id = n.image_id"""
        ).fetchall()[0]
        connection.unregister("named")
        connection.unregister("fresh")
        return {"images": counted[0], "unknown_images": len(found) - counted[0], "objects": counted[1]}

    return store.write(write)


def of_images(store: Store, image_ids: Sequence[str]) -> dict[str, list[tuple[str, list[str]]]]:
    """Return the objects of those images that have any, in order."""
    found: dict[str, list[tuple[str, list[str]]]] = {}
    for image, name, attributes in store.rows(
        """SELECT image_id, name, attributes FROM image_object
        WHERE image_id IN (SELECT unnest(?::TEXT[])) ORDER BY image_id, n""",
        [sorted(set(image_ids))],
    ):
        found.setdefault(image, []).append((name, list(attributes)))
    return found
