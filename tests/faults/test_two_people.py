"""Two people on one caption: in two queues at once, and in one queue after the time of the first has run out."""

from __future__ import annotations

from typing import Any

from curation.store import Store
from curation.workspace import Workspace
from tests.faults.conftest import Note, log_of
from tests.faults.counts import check_ids
from tests.faults.loops import run_apart
from tests.serving import served
from tests.wire import Tab


def put_into_both_queues(workspace: Workspace) -> str:
    """Make one untouched caption the first of the coarse and of the noise queue; return its id."""
    store = Store.open(workspace.database)
    try:
        caption = str(
            store.value(
                """SELECT min(n.id) FROM item n JOIN item c ON c.id = n.id AND c.queue = 'coarse' AND c.status = 'todo'
                WHERE n.queue = 'noise' AND n.status = 'todo' AND n.by_score AND n.opened_by IS NULL
                AND n.id NOT IN (SELECT caption_id FROM decision)"""
            )
        )
        first = "UPDATE item SET priority = 9 WHERE id = ? AND queue IN ('coarse', 'noise')"
        store.write(lambda connection: connection.execute(first, [caption]))
        return caption
    finally:
        store.close()


def item_of(tab: Tab, caption: str) -> dict[str, Any]:
    return next(item for item in tab.data["items"] if item["caption_id"] == caption)


def test_one_caption_in_two_queues(workspace: Workspace, record_property: Note) -> None:
    """The queue keeps it from the second person; by a link they get there, and a verdict on the old text is refused."""
    caption = put_into_both_queues(workspace)
    acked: list[str] = []
    refused: dict[str, str] = {}

    async def both(port: int) -> None:
        async with Tab(port, "coarse", "Ria") as ria, Tab(port, "noise", "Ben") as ben:
            edited = item_of(ria, caption)
            assert caption not in {item["caption_id"] for item in ben.data["items"]}, "Ria has it in hand"
            async with Tab(port, "noise", "Ben", view={"item": caption}) as linked:
                seen = item_of(linked, caption)
                await ria.decide(edited, "edit", text="Ria has written this meanwhile")
                acked.append(ria.last["id"])
                await linked.decide(seen, "match")
                acked.append(linked.last["id"])
                refused.update(linked.refused)

    with served(workspace.folder) as app:
        run_apart(both(app.port))
    rows = log_of(workspace)
    check_ids(record_property, acked, rows, told="Ria has written this meanwhile" in str(refused), sent=acked)
    assert [row["applied"] for row in rows] == [True, False]


def test_a_lease_that_ran_out(workspace: Workspace, record_property: Note) -> None:
    """Ria looks at an item for longer than it is kept for her; Ben judges it; her verdict is told to come too late."""
    acked: list[str] = []
    refused: dict[str, str] = {}

    async def late(workspace: Workspace) -> None:
        with served(workspace.folder) as app:
            async with Tab(app.port, "coarse", "Ria") as ria:
                hers = ria.next_item()
                assert hers is not None
        end_leases(workspace)
        with served(workspace.folder) as app:
            async with Tab(app.port, "coarse", "Ben") as ben, Tab(app.port, "coarse", "Ria") as ria:
                assert ben.next_item()["id"] == hers["id"], "what nobody holds any more comes to the next person"
                await ben.decide(ben.next_item(), "fine")
                acked.append(ben.last["id"])
                await ria.decide(hers, "coarse")
                acked.append(ria.last["id"])
                refused.update(ria.refused)

    run_apart(late(workspace))
    rows = log_of(workspace)
    check_ids(record_property, acked, rows, told="Ben has judged it meanwhile" in str(refused), sent=acked)
    assert [(row["person"], row["applied"]) for row in rows] == [("Ben", True), ("Ria", False)]


def end_leases(workspace: Workspace) -> None:
    """Let the time of every lease pass."""
    store = Store.open(workspace.database)
    try:
        assert store.value("SELECT count(*) FROM lease") > 0
        past = "UPDATE lease SET until = now()::TIMESTAMP - INTERVAL 1 MINUTE"
        store.write(lambda connection: connection.execute(past))
    finally:
        store.close()
