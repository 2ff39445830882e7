"""``regrain backup`` and ``regrain restore``: whole or absent, never over anything, and a way back that was gone."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from curation import backup, cli
from curation.backup import back_up, made_of, restore
from curation.records import Decision, RegrainError
from curation.session import Session, open_session
from curation.store import Store, backups, decisions, vectors
from tests.store.conftest import add, staged


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """The small benchmark, held as the app holds it: with the socket."""
    opened = open_session(tmp_path / "lab")
    add(opened.store, staged())
    yield opened
    opened.close()


def judge(store: Store, number: int) -> None:
    decisions.decide(store, [Decision(f"d{number}", "ann", "coarse", f"t{number}#0", f"t{number}#0@1", "fine")])


@pytest.fixture
def regrain(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def run(folder: Path, *arguments: str) -> tuple[int, str, str]:
        code = cli.main(["--workspace", str(folder), "--person", "ann", *arguments])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


def test_a_backup_while_the_app_is_open_and_the_way_back(session: Session, tmp_path: Path, regrain: Any) -> None:
    lab, shelf = session.workspace.folder, tmp_path / "shelf"
    judge(session.store, 0)
    code, out, _ = regrain(lab, "backup", str(shelf))
    assert code == 0 and "1 decisions" in out and "20 captions" in out
    (made,) = shelf.iterdir()
    facts = json.loads((made / "manifest.json").read_text())
    assert sorted(path.name for path in made.iterdir()) == ["curation.duckdb", "manifest.json"]
    assert facts["rows"]["decision"] == 1 and facts["image_folders"] == [{"folder": "images", "images": 15}]
    assert "secret" not in json.dumps(facts)
    remembered = backups.last(session.store)
    assert remembered and remembered.folder == str(made) and remembered.person == "ann"
    assert remembered.counts["decision"] == 1 and remembered.seq == decisions.latest(session.store)

    code, out, _ = regrain(tmp_path / "second", "restore", str(made))
    assert code == 0 and "1 decisions on 20 captions" in out
    second = open_session(tmp_path / "second", serve=False)
    try:
        assert second.store.rows("SELECT id FROM decision") == [("d0",)]
        judge(second.store, 1)
        assert decisions.rebuild(second.store) == 2
    finally:
        second.close()


def test_backups_are_kept_by_count_and_only_our_own_go(session: Session, tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    other = open_session(tmp_path / "elsewhere" / "lab", serve=False)
    theirs = back_up(other, shelf, person="ann")
    other.close()
    (shelf / "thesis").mkdir()
    made = []
    for number in range(4):
        judge(session.store, number)
        made.append(back_up(session, shelf, person="ann", keep=2))
    left = {path.name for path in shelf.iterdir()}
    assert left == {"thesis", Path(theirs.folder).name, *(Path(one.folder).name for one in made[2:])}
    assert [str(path) for path in made_of(session.workspace, shelf)] == [made[3].folder, made[2].folder]
    assert [one.counts["decision"] for one in made] == [1, 2, 3, 4]


@pytest.mark.parametrize("keep", [0, -1])
def test_the_new_backup_is_always_kept(session: Session, tmp_path: Path, keep: int) -> None:
    with pytest.raises(RegrainError, match="1 or more"):
        back_up(session, tmp_path / "shelf", person="ann", keep=keep)


def full(*_: Any) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("where", ["curation.store.backups._copy_bytes", "curation.backup.write_json"])
def test_a_full_disk_leaves_no_half_backup(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    shelf = tmp_path / "shelf"
    first = back_up(session, shelf, person="ann", keep=1)
    monkeypatch.setattr(where, full)
    with pytest.raises(RegrainError, match=r"is full .* no backup was made"):
        back_up(session, shelf, person="ann", keep=1)
    assert [str(path) for path in shelf.iterdir()] == [first.folder]
    assert backups.last(session.store) == first
    monkeypatch.undo()
    judge(session.store, 0)  # people go on
    assert back_up(session, shelf, person="ann", keep=1).counts["decision"] == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="a small file system of its own needs root")
def test_a_really_full_disk_leaves_no_half_backup(session: Session, tmp_path: Path, regrain: Any) -> None:
    shelf = tmp_path / "small"
    shelf.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "none", str(shelf)], check=False)
    if mounted.returncode:
        pytest.skip("no file system can be mounted here")
    try:
        code, _, err = regrain(session.workspace.folder, "backup", str(shelf))
        assert code == 2 and "is full" in err and err.count("\n") == 1
        assert list(shelf.iterdir()) == []
        judge(session.store, 0)
    finally:
        subprocess.run(["umount", str(shelf)], check=True)


def test_what_a_killed_backup_left_is_removed(session: Session, tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    ended = subprocess.Popen(["true"])
    ended.wait()
    left = shelf / f".lab-20260101T000000Z.{ended.pid}.partial"
    alive = shelf / f".lab-20260101T000000Z.{os.getpid()}.partial"
    for path in (left, alive):
        path.mkdir(parents=True)
    back_up(session, shelf, person="ann")
    assert not left.exists() and alive.exists()
    assert len(made_of(session.workspace, shelf)) == 1


def test_vectors_come_along_where_asked_for(session: Session, tmp_path: Path, unit_rows: Any) -> None:
    path = session.workspace.vectors / "one.npy"
    sha256 = vectors.write_shard(path, unit_rows(2, 4))
    vectors.add_shard(session.store, path, encoder="e", kind="text", hashes=["a", "b"], sha256=sha256, dim=4)
    made = back_up(session, tmp_path / "shelf", person="ann", with_vectors=True)
    restore(Path(made.folder), tmp_path / "second")
    second = open_session(tmp_path / "second", serve=False)
    try:
        assert vectors.verify(second.store, second.workspace.vectors) == []
    finally:
        second.close()


def test_restoring_sets_the_old_database_aside(session: Session, tmp_path: Path, regrain: Any) -> None:
    lab, shelf = session.workspace.folder, tmp_path / "shelf"
    judge(session.store, 0)
    made = back_up(session, shelf, person="ann")
    judge(session.store, 1)
    session.close()
    code, _, err = regrain(lab, "restore", made.folder)
    assert code == 2 and "--replace" in err
    assert regrain(lab, "restore", made.folder, "--replace")[0] == 0
    (aside,) = lab.glob("replaced-*")
    old, new = Store.open(aside / backup.DATABASE), Store.open(lab / backup.DATABASE)
    try:
        assert old.value("SELECT count(*) FROM decision") == 2
        assert new.value("SELECT count(*) FROM decision") == 1
    finally:
        old.close()
        new.close()


def test_a_database_that_is_open_is_not_replaced(session: Session, tmp_path: Path, regrain: Any) -> None:
    lab = session.workspace.folder
    made = back_up(session, tmp_path / "shelf", person="ann")
    session.close()
    script = "import sys, duckdb; held = duckdb.connect(sys.argv[1]); print(flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", script, str(lab / backup.DATABASE)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None and holder.stdout.readline()
        code, _, err = regrain(lab, "restore", made.folder, "--replace")
        holder.communicate()
    assert code == 2 and "is open in another process: close it first" in err
    assert not list(lab.glob("replaced-*"))


def test_a_damaged_backup_is_not_restored(session: Session, tmp_path: Path) -> None:
    made = Path(back_up(session, tmp_path / "shelf", person="ann").folder)
    with (made / "curation.duckdb").open("r+b") as file:
        file.seek(5000)
        file.write(b"x")
    with pytest.raises(RegrainError, match="differs from its checksum"):
        restore(made, tmp_path / "second")
    with pytest.raises(RegrainError, match="is no backup"):
        restore(tmp_path / "nothing", tmp_path / "second")
    assert not (tmp_path / "second" / backup.DATABASE).exists()
