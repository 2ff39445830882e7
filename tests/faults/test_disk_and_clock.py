"""A disk that is full and a clock that goes back, under the running app."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from curation.workspace import Workspace
from tests.faults.conftest import Note, log_of
from tests.faults.counts import check_ids
from tests.faults.loops import run_apart
from tests.serving import served
from tests.wire import Tab

DISK_MEGABYTES = 64


@pytest.fixture
def small_disk(workspace: Workspace, tmp_path: Path) -> Iterator[Workspace]:
    """Return the workspace on a disk of its own of 64 MB; skips where no such disk can be mounted."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MEGABYTES}m", "tmpfs", str(disk)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small disk cannot be mounted here: that takes root")
    try:
        shutil.copytree(workspace.folder, disk / "workspace")
        yield Workspace.at(disk / "workspace")
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=False)


def fill_up(disk: Path) -> Path:
    """Fill a disk to its last byte; return the file that does it."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 65536)
        except OSError:
            pass
    return filler


def test_a_full_disk_is_told_and_loses_nothing(small_disk: Workspace, record_property: Note) -> None:
    acked: list[str] = []
    told: list[str] = []

    async def judge(port: int) -> None:
        async with Tab(port, "coarse", "Ria") as tab:
            for _ in range(5):
                await tab.decide(tab.next_item(), "fine")
                acked.append(tab.last["id"])
            filler = fill_up(small_disk.folder.parent)
            for _ in range(40):  # what the open log file had room for is still saved
                error = await tab.try_to(tab.next_item(), "fine")
                if error:
                    told.append(error)
                    break
                assert not tab.pending
                acked.append(tab.last["id"])
            filler.unlink()
            for _ in range(20):
                if not tab.pending:
                    break
                await asyncio.sleep(0.5)
                await tab.retry()
            assert not tab.pending
            acked.append(tab.last["id"])

    with served(small_disk.folder) as app:
        run_apart(judge(app.port))
    check_ids(record_property, acked, log_of(small_disk), told=bool(told))


FAKETIME = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)


@pytest.mark.skipif(FAKETIME is None, reason="libfaketime is not here: install the package faketime")
def test_a_clock_that_goes_back_loses_nothing(workspace: Workspace, tmp_path: Path, record_property: Note) -> None:
    """Two hours back in the middle: the log keeps its order, undo takes back what was last, not what looks latest.

    What was in somebody's hands is free again, so that two may judge one item: the second is told, not counted.
    """
    clock = tmp_path / "clock"
    clock.write_text("+0\n", encoding="utf-8")
    fake = {"LD_PRELOAD": str(FAKETIME), "FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1"}  # fmt: skip
    acked: list[str] = []
    told: list[str] = []

    async def judge(port: int) -> None:
        async with Tab(port, "coarse", "Ria") as ria, Tab(port, "coarse", "Ben") as ben:
            for tab in (ria, ben, ria, ben):
                await tab.decide(tab.next_item(), "fine")
                acked.append(tab.last["id"])
            clock.write_text("-2h\n", encoding="utf-8")
            await ben.look_again()
            for tab in (ria, ben, ria):
                await tab.decide(tab.next_item(), "fine")
                acked.append(tab.last["id"])
            last = ria.last
            await ria.look_again()
            item = ria.data["recent"][0]["item"]
            await ria.decide(item, "undo", undoes=last["id"])
            acked.append(ria.last["id"])
            assert item["id"] == last["item_id"], "what is taken back is what was done last"
            told.extend([*ria.refused.values(), *ben.refused.values()])

    with served(workspace.folder, env=fake) as app:
        run_apart(judge(app.port))
    rows = log_of(workspace)
    check_ids(record_property, acked, rows, told=True, sent=acked)
    times = [row["made_at"] for row in rows]
    assert len(told) == sum(not row["applied"] for row in rows), "who was too late was told"
    assert min(times) < times[0], "the clock did not go back: the test would prove nothing"
    assert [row["id"] for row in rows] == acked, "the log is in the order of what happened"
