"""Jobs end well or say why, whatever happens to their workers."""

from __future__ import annotations

from pathlib import Path

import pytest

from curation.jobs import shards
from curation.jobs.process import Pace
from curation.jobs.running import RESTARTS, Gauge
from curation.jobs.supervisor import Supervisor
from curation.records import RegrainError
from curation.store import Store
from curation.store import jobs as store_jobs
from curation.workspace import Workspace
from tests.jobs import counting
from tests.jobs.conftest import Until


def computed(control: Path) -> list[int]:
    return [int(line) for line in (control / "computed").read_text().split()]


def test_a_job_commits_every_shard_once_and_clears_its_folder(
    supervisor: Supervisor, store: Store, workspace: Workspace, control: Path
) -> None:
    job = supervisor.wait(supervisor.add("count", n=35, control=str(control)).id)
    assert (job.state, job.done, job.total, job.error) == ("done", 35, 35, "")
    assert counting.counted(store) == list(range(35))
    assert len(store_jobs.shards(store, job.id)) == 4
    assert not (workspace.jobs / job.id).exists()


def test_what_is_not_missing_needs_no_worker(supervisor: Supervisor, store: Store, control: Path) -> None:
    supervisor.wait(supervisor.add("count", n=5, control=str(control)).id)
    again = supervisor.wait(supervisor.add("count", n=5, control=str(control)).id)
    assert (again.state, again.total) == ("done", 0)
    assert computed(control) == [0]


def test_the_same_job_is_not_queued_twice(supervisor: Supervisor, control: Path, until: Until) -> None:
    args = {"n": 20, "hold_at": 0, "control": str(control)}
    first = supervisor.add("count", **args)
    until((control / "holding").exists)
    assert supervisor.add("count", **args).id == first.id
    (control / "go").touch()
    assert supervisor.wait(first.id).state == "done"


def test_a_killed_worker_resumes_and_half_a_shard_counts_as_nothing(
    supervisor: Supervisor, store: Store, control: Path
) -> None:
    job = supervisor.wait(supervisor.add("count", n=50, die_at=[10, 30], control=str(control)).id)
    assert (job.state, job.done) == ("done", 50)
    assert counting.counted(store) == list(range(50))
    assert computed(control) == [0, 10, 10, 20, 30, 30, 40]  # only the shards it died in are computed again


def test_a_worker_that_always_dies_fails_with_its_last_words_and_keeps_what_is_finished(
    supervisor: Supervisor, store: Store, workspace: Workspace, control: Path
) -> None:
    job = supervisor.wait(supervisor.add("count", n=30, die_at=[10], always=True, control=str(control)).id)
    assert job.state == "failed"
    assert f"ended {RESTARTS + 1} times with code -9" in job.error
    assert job.error.endswith("dying at 10")
    assert counting.counted(store) == list(range(10))
    assert (workspace.jobs / job.id).exists()


def test_a_refusal_fails_at_once_with_its_reason(supervisor: Supervisor, control: Path) -> None:
    reason = "no encoder is called 'x': choose another"
    job = supervisor.wait(supervisor.add("count", n=30, refuse=reason, control=str(control)).id)
    assert (job.state, job.error) == ("failed", reason)


def test_an_error_in_the_worker_fails_with_the_end_of_its_traceback(supervisor: Supervisor, control: Path) -> None:
    job = supervisor.wait(supervisor.add("count", n=30, divide="by nothing", control=str(control)).id)
    assert job.state == "failed"
    assert job.error.endswith("ZeroDivisionError: by nothing") and "counting.py" in job.error


def test_an_error_of_ours_fails_the_job_and_not_the_supervisor(supervisor: Supervisor, control: Path) -> None:
    broken = supervisor.add("count", n=3, broken="a bug", control=str(control))
    next_one = supervisor.add("count", n=3, control=str(control))
    assert supervisor.wait(broken.id).error == "ZeroDivisionError: a bug"
    assert supervisor.wait(next_one.id).state == "done"


def test_bad_items_are_listed_and_never_fatal(supervisor: Supervisor, store: Store, control: Path) -> None:
    job = supervisor.wait(supervisor.add("count", n=30, bad=[4, 25], die_at=[20], control=str(control)).id)
    assert (job.state, job.bad_items) == ("done", 2)
    assert store_jobs.bad_items(store, job.id) == [("25", "25 is unlucky"), ("4", "4 is unlucky")]


def test_a_cancelled_job_keeps_what_is_finished_and_can_be_tried_again(
    supervisor: Supervisor, store: Store, workspace: Workspace, control: Path, until: Until
) -> None:
    job = supervisor.add("count", n=40, hold_at=20, control=str(control))
    until((control / "holding").exists)
    supervisor.cancel(job.id)
    until((workspace.jobs / job.id / "cancel").exists)
    (control / "go").touch()
    assert supervisor.wait(job.id).state == "cancelled"
    done = counting.counted(store)
    assert set(range(20)) <= set(done) < set(range(40))
    again = supervisor.wait(supervisor.retry(job.id).id)
    assert (again.state, again.done, again.total) == ("done", 40, 40)
    assert sorted(counting.counted(store)) == list(range(40))


def test_a_waiting_job_is_cancelled_without_being_started(supervisor: Supervisor, control: Path, until: Until) -> None:
    first = supervisor.add("count", n=20, hold_at=0, control=str(control))
    until((control / "holding").exists)
    second = supervisor.add("count", n=21, control=str(control))
    supervisor.cancel(second.id)
    (control / "go").touch()
    assert supervisor.wait(first.id).state == "done"
    cancelled = supervisor.wait(second.id)
    assert (cancelled.state, cancelled.started_at) == ("cancelled", None)


def test_only_ended_jobs_can_be_tried_again(supervisor: Supervisor, control: Path) -> None:
    job = supervisor.wait(supervisor.add("count", n=2, control=str(control)).id)
    with pytest.raises(RegrainError, match="is done"):
        supervisor.retry(job.id)


def test_an_unknown_kind_is_refused_with_those_that_there_are(supervisor: Supervisor) -> None:
    with pytest.raises(RegrainError, match=r"no job kind is called 'encod'; did you mean 'encode'"):
        supervisor.add("encod")


def test_a_stopped_supervisor_leaves_the_job_to_the_next_one(
    store: Store, workspace: Workspace, control: Path, until: Until
) -> None:
    first = Supervisor(store, workspace, pace=Pace(1, 0), command=counting.COMMAND)
    first.start()
    job = first.add("count", n=40, hold_at=20, control=str(control))
    until(lambda: len(counting.counted(store)) == 20)
    first.stop()
    assert store_jobs.get(store, job.id).state == "waiting"
    (control / "go").touch()
    second = Supervisor(store, workspace, pace=Pace(1, 0), command=counting.COMMAND)
    second.start()
    ended = second.wait(job.id)
    second.stop()
    assert (ended.state, ended.done, ended.total) == ("done", 40, 40)
    assert counting.counted(store) == list(range(40))


def test_shards_that_a_killed_app_left_uncommitted_are_committed_first(
    store: Store, workspace: Workspace, control: Path
) -> None:
    job = store_jobs.add(store, "count", {"n": 30, "control": str(control)})
    store_jobs.start(store, job.id)
    folder = workspace.jobs / job.id
    folder.mkdir()
    shards.write_json(folder / "old-0000.json", list(range(10)))
    shards.finish_shard(folder, "old-0000")
    shards.write_json(folder / "old-0010.json", list(range(10, 20)))  # a payload without a receipt: half a shard
    (folder / "receipts" / "old-0020.json.partial").write_text("{")
    supervisor = Supervisor(store, workspace, pace=Pace(1, 0), command=counting.COMMAND)
    supervisor.start()
    ended = supervisor.wait(job.id)
    supervisor.stop()
    assert (ended.state, ended.done) == ("done", 20)
    assert counting.counted(store) == list(range(30))
    assert computed(control) == [10, 20]


def test_folders_without_a_job_are_removed(store: Store, workspace: Workspace) -> None:
    (workspace.jobs / "gone").mkdir()
    supervisor = Supervisor(store, workspace)
    supervisor.start()
    supervisor.stop()
    assert not (workspace.jobs / "gone").exists()


def test_the_rate_is_smoothed_and_needs_movement() -> None:
    gauge = Gauge(_at=100.0)
    gauge.move(0, 101.0)
    assert gauge.rate == 0
    gauge.move(50, 105.0)
    assert gauge.rate == 10
    gauge.move(90, 107.0)  # 20 a second over 2 of the 5 seconds that are smoothed
    assert gauge.rate == pytest.approx(14)
    gauge.move(190, 117.0)  # longer than that: the old rate is forgotten
    assert gauge.rate == pytest.approx(10)
