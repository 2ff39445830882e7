"""``regrain`` in its own process and through the app's socket: the same words, the same exit codes."""

from __future__ import annotations

import io
import json
import os
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from curation import channel, cli, demo_workspace
from curation.commands import Console
from curation.jobs.supervisor import Supervisor
from curation.records import RegrainError
from curation.session import Session, open_session
from curation.store import settings
from tests.jobs import colours

ROWS = [
    {"image": "a.jpg", "split": "test", "caption": ["a dog", "a brown dog runs on the wet grass"]},
    {"image": "b.jpg", "split": "test", "caption": ["a cat", "two people ride bicycles along a river"]},
    {"image": "c.jpg", "split": "train", "caption": ["a bird on a branch"]},
]
Regrain = Callable[..., tuple[int, str, str]]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "captions.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "workspace"


@pytest.fixture
def regrain(folder: Path, capsys: pytest.CaptureFixture[str]) -> Regrain:
    """Run a command on the workspace; return exit code, output and errors."""

    def run(*arguments: str) -> tuple[int, str, str]:
        code = cli.main(["--workspace", str(folder), "--person", "ann", *arguments])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


@pytest.fixture
def imported(regrain: Regrain, source: Path) -> None:
    assert regrain("import", "table", str(source), "--column", "split_column=split")[0] == 0


@pytest.fixture
def app(imported: None, folder: Path) -> Iterator[Session]:
    """The imported workspace, held as the app holds it."""
    session = open_session(folder)
    yield session
    session.close()


def test_import_prints_the_report_and_writes_only_without_dry_run(regrain: Regrain, source: Path) -> None:
    arguments = ("import", "auto", str(source), "--column", "split_column=split")
    code, out, _ = regrain(*arguments, "--dry-run")
    assert code == 0 and "3 images (2 test, 1 train)" in out and "nothing was written" in out
    assert json.loads(regrain("status", "--json")[1])["totals"]["images"] == 0
    assert json.loads(regrain(*arguments, "--json")[1])["changes"]["captions_added"] == 5
    assert "0 added, 5 already there" in regrain(*arguments)[1]


def test_broken_pictures_stop_an_import_until_the_person_says_otherwise(regrain: Regrain, tmp_path: Path) -> None:
    source, pictures = tmp_path / "one.jsonl", tmp_path / "held"
    source.write_text('{"image": "empty.jpg", "caption": "a picture of nothing"}\n')
    pictures.mkdir()
    (pictures / "empty.jpg").touch()
    arguments = ("import", "table", str(source), "--images", str(pictures))
    code, out, err = regrain(*arguments)
    assert code == 2 and "empty.jpg" in out and "--skip-unreadable" in err
    assert json.loads(regrain("status", "--json")[1])["totals"]["images"] == 0
    assert "1 added" in regrain(*arguments, "--skip-unreadable")[1]


def test_bad_input_is_one_line_and_exit_code_2(regrain: Regrain, tmp_path: Path, imported: None) -> None:
    broken = tmp_path / "broken.jsonl"
    broken.write_text('{"image": "a.jpg", "caption": ["x"]\n')
    for arguments in (
        ("import", "table", str(broken)),
        ("import", "tabel", str(broken)),
        ("import", "table", str(broken), "--column", "nonsense"),
        ("diff", "a", "b"),
        ("history", "nobody#0"),
        ("settings", "nois_share=0.1"),
        ("settings", "noise_share=7"),
        ("settings", 'review_splits=[["x"]]'),
        ("settings", 'suggesters={"stres_words": {}}'),
        ("jobs", "cancel"),
        ("undo",),
        ("hubness",),
    ):
        code, out, err = regrain(*arguments)
        assert code == 2, arguments
        assert err.startswith("regrain: ") and "Traceback" not in err + out, err


def test_a_workspace_that_does_not_exist_is_not_made_by_looking(regrain: Regrain, folder: Path) -> None:
    code, _, err = regrain("status")
    assert code == 2 and "`regrain demo` builds the demo" in err
    assert not folder.exists()


def test_judging_undoing_and_the_history(regrain: Regrain, imported: None) -> None:
    assert regrain("next", "coarse", "-n", "9")[1].count("#") == 4
    code, out, _ = regrain("decide", "coarse", "a#0", "coarse", "--id", "d1")
    assert (code, out) == (0, "d1  applied\n")
    assert regrain("decide", "rewrites", "a#0", "edit", "--text", "a small brown dog")[0] == 0
    history = json.loads(regrain("history", "a#0", "--json")[1])
    assert [revision["text"] for revision in history["revisions"]] == ["a dog", "a small brown dog"]
    assert [(one["verdict"], one["person"]) for one in history["decisions"]] == [("edit", "ann"), ("coarse", "ann")]
    code, out, _ = regrain("decide", "coarse", "a#0", "fine", "--revision", "a#0@1")
    assert code == 1 and "NOT applied: the caption has changed since you saw it" in out
    assert regrain("undo")[1] == "rewrites a#0: edit taken back\n"
    assert regrain("undo", "coarse")[1] == "coarse a#0: coarse taken back\n"
    assert "5 decisions replayed" in regrain("rebuild")[1]  # the refused one and the undoings are in the log too


def test_decisions_from_the_standard_input(regrain: Regrain, imported: None, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [
        {"id": "1", "queue": "coarse", "caption": "a#0", "verdict": "fine", "person": "bob"},
        {"id": "2", "queue": "coarse", "caption": "b#0", "verdict": "coarse"},
    ]
    text = "".join(json.dumps(line) + "\n" for line in lines)
    monkeypatch.setattr(sys, "stdin", io.StringIO(text + "\n"))
    code, out, _ = regrain("decide", "--stdin", "--json")
    assert code == 0
    assert [json.loads(line)["decision_id"] for line in out.splitlines()] == ["1", "2"]
    monkeypatch.setattr(sys, "stdin", io.StringIO('{"queue": "coarse", "caption": "a#1", "verdict": "fine"}\nfine\n'))
    code, _, err = regrain("decide", "--stdin")
    assert code == 2 and "line 2 is no JSON" in err and "nothing was decided" in err
    assert json.loads(regrain("status", "--json")[1])["queues"]["coarse"]["done"] == 2


def test_freezing_comparing_and_exporting(regrain: Regrain, imported: None, tmp_path: Path) -> None:
    regrain("freeze", "original", "--original")
    regrain("decide", "coarse", "a#0", "edit", "--text", "a brown dog")
    assert "5 captions, 1 of them changed" in regrain("freeze", "fine")[1]
    assert "- a dog\n  + a brown dog" in regrain("diff", "original", "fine")[1]
    assert [row["name"] for row in json.loads(regrain("versions", "--json")[1])] == ["fine", "original"]
    target = tmp_path / "release"
    code, out, _ = regrain("export", "fine", "--format", "jsonl", "--to", str(target))
    assert code == 0 and "0 dropped" in out and (target / "manifest.json").exists()
    code, _, err = regrain("export", "fine", "--format", "jsonl", "--to", str(target))
    assert code == 2 and "exists" in err


def test_a_job_runs_to_its_end_and_is_listed(regrain: Regrain, imported: None) -> None:
    code, out, _ = regrain("score", "coarse")
    assert code == 0 and "Score coarseness: 4 done" in out
    [job] = json.loads(regrain("jobs", "--json")[1])
    assert (job["kind"], job["state"], job["done"]) == ("coarse", "done", 4)
    assert "words" in regrain("next", "coarse")[1]
    assert "nothing was missing" in regrain("score", "coarse")[1]


def test_settings_are_checked_and_bring_the_queues_in_line(regrain: Regrain, imported: None) -> None:
    code, out, _ = regrain("settings", 'review_splits=["train"]', "name=Birds")
    assert code == 0 and 'name = "Birds"' in out
    assert json.loads(regrain("status", "--json")[1])["queues"]["coarse"]["todo"] == 1
    assert "did you mean 'noise_share'" in regrain("settings", "nois_share=0.1")[2]
    assert "a share from 0 to 1, not 7" in regrain("settings", "noise_share=7")[2]


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ({"stres_words": {}}, "no suggester is called 'stres_words'; did you mean 'stress_words'"),
        ({"stress_words": {"k": 3}}, "the suggester stress_words has no setting 'k' (it has: preset, keep,"),
        (
            {"vision_model": {"number": "three"}},
            "number of the suggester vision_model is a whole number from 0, not 'three'",
        ),
        ({"siblings": {"keep": -1}}, "keep of the suggester siblings is a whole number from 0, not -1"),
        ({"stress_words": {"sure": float("nan")}}, "sure of the suggester stress_words is a number from 0, not nan"),
        ([], "the setting suggesters is {SUGGESTER: {SETTING: VALUE, ...}}, not []"),
    ],
)
def test_suggesters_that_there_are_not_are_refused_when_they_are_set(
    regrain: Regrain, imported: None, value: Any, rule: str
) -> None:
    code, _, err = regrain("settings", "name=Birds", f"suggesters={json.dumps(value)}")
    assert code == 2 and rule in err
    kept = json.loads(regrain("settings", "--json")[1])
    assert kept["suggesters"] == {} and kept["name"] != "Birds"


@pytest.mark.parametrize("value", [{"block": {"health": ["two words"]}}, {"block": {"": ["x"]}}, {"allow": [" old"]}])
def test_sensitive_words_that_would_block_nothing_are_refused(regrain: Regrain, imported: None, value: Any) -> None:
    code, _, err = regrain("settings", f"sensitive_words={json.dumps(value)}")
    assert code == 2 and "of single words" in err


def test_a_masked_language_model_that_cannot_be_is_refused_when_it_is_set(
    regrain: Regrain, imported: None, tmp_path: Path
) -> None:
    code, _, err = regrain("settings", f"masked_model={tmp_path}")
    assert code == 2 and ("holds no masked language model" in err or "regrain[mlm]" in err)
    assert json.loads(regrain("settings", "--json")[1])["masked_model"] == ""
    assert regrain("settings", "masked_model=")[0] == 0


def test_the_folder_of_a_masked_language_model_is_kept_as_its_whole_path(
    app: Session, regrain: Regrain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("transformers", reason="the extra regrain[mlm] is not installed")
    (tmp_path / "here" / "bert").mkdir(parents=True)
    (tmp_path / "here" / "bert" / "config.json").write_text("{}")
    monkeypatch.chdir(tmp_path / "here")
    asked: list[Any] = []
    real = channel.ask

    def recording(workspace: Path, request: dict[str, Any], *out: Any) -> int | None:
        asked.append(request["arguments"]["assignments"])
        return real(workspace, request, *out)

    monkeypatch.setattr(channel, "ask", recording)
    for given in ("bert", "./bert", '"bert"'):
        assert regrain("settings", f"masked_model={given}")[0] == 0
        assert asked.pop() == [f"masked_model={json.dumps(str(tmp_path / 'here' / 'bert'))}"]
        assert settings.get(app.store, "masked_model") == str(tmp_path / "here" / "bert")
    assert regrain("settings", "masked_model=someones/bert")[0] == 0
    assert settings.get(app.store, "masked_model") == "someones/bert"
    assert regrain("settings", "masked_model=")[0] == 0
    code, _, err = regrain("settings", "masked_model=~nobody-of-that-name/bert")
    assert code == 2 and "there is no such home folder" in err


def test_encode_makes_the_vectors_of_the_second_encoder_too(
    regrain: Regrain, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "shown").mkdir()
    Image.new("RGB", (12, 12), "red").save(tmp_path / "shown" / "red.png")
    table = tmp_path / "shown.jsonl"
    table.write_text(json.dumps({"image": "red.png", "split": "test", "caption": "a red ball"}) + "\n")
    named = ("--column", "split_column=split", "--images", str(tmp_path / "shown"))
    assert regrain("import", "table", str(table), *named)[0] == 0
    monkeypatch.setattr("curation.session.Supervisor", partial(Supervisor, command=colours.COMMAND))
    regrain("settings", f"encoder={colours.NAME}", f"second_encoder={colours.CONFUSED}")
    assert regrain("encode")[0] == 0

    def encoded() -> dict[str, int]:
        found = json.loads(regrain("status", "--json")[1])["vectors"]
        return {one["encoder"]: one["images"] for one in found}

    assert encoded() == {colours.NAME: 1, colours.CONFUSED: 1}
    for shard in folder.glob("vectors/*-images-*.npy"):
        shard.write_bytes(shard.read_bytes()[:-1])
    assert regrain("verify", "--repair")[0] == 0
    assert encoded() == {colours.NAME: 1, colours.CONFUSED: 1}


def test_verify_of_a_sound_workspace_says_so(regrain: Regrain, imported: None) -> None:
    assert regrain("verify") == (0, "all vector shards are as they were written\n", "")


def test_verify_names_and_repairs_a_shard_that_was_altered(
    regrain: Regrain, folder: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    regrain("import", "table", str(source), "--column", "split_column=split")
    monkeypatch.setattr("curation.session.Supervisor", partial(Supervisor, command=colours.COMMAND))
    regrain("settings", f"encoder={colours.NAME}")
    assert regrain("encode")[0] == 0
    [shard] = folder.glob("vectors/*-texts-*.npy")
    body = shard.read_bytes()
    shard.write_bytes(body[:-1] + bytes([body[-1] ^ 1]))
    code, out, _ = regrain("verify")
    assert code == 1 and f"{shard.name} differs" in out and "verify --repair" in out
    code, out, _ = regrain("verify", "--repair")
    assert code == 0 and f"encoding anew what {shard.name} held" in out
    assert regrain("verify")[0] == 0
    assert len(list(folder.glob("vectors/*-texts-*.npy"))) == 2  # the altered file is left to look at


def test_the_app_carries_out_the_same_commands(app: Session, regrain: Regrain) -> None:
    assert regrain("decide", "coarse", "a#0", "coarse", "--id", "d1") == (0, "d1  applied\n", "")
    code, out, _ = regrain("score", "coarse")
    assert code == 0 and "Score coarseness: 4 done" in out
    assert regrain("history", "nobody#0") == (
        2, "", "regrain: no caption has the id 'nobody#0': ids look like IMAGE#0\n"
    )  # fmt: skip
    through_the_app = [regrain(*arguments) for arguments in READING]
    app.close()
    assert through_the_app == [regrain(*arguments) for arguments in READING]


READING = (
    ("status",), ("status", "--json"), ("next", "coarse", "-n", "3"), ("versions",), ("settings",), ("jobs",),
    ("history", "a#0"), ("next", "rewrites", "--json"), ("diff", "a", "b"),
)  # fmt: skip


def test_paths_are_those_of_the_caller(app: Session, regrain: Regrain, tmp_path: Path, monkeypatch: Any) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "more.jsonl").write_text('{"image": "z.jpg", "caption": "a zebra"}\n')
    monkeypatch.chdir(elsewhere)
    args: dict[str, Any] = {}
    real = channel.ask

    def recording(workspace: Path, request: dict[str, Any], *out: Any) -> int | None:
        args.update(request["arguments"])
        return real(workspace, request, *out)

    monkeypatch.setattr(channel, "ask", recording)
    assert regrain("import", "table", "more.jsonl")[0] == 0
    assert args["path"] == str(elsewhere / "more.jsonl")


def cli_root() -> Path:
    return Path(cli.__file__).parents[1]


@contextmanager
def held(folder: Path) -> Iterator[int]:
    """Hold a workspace in another process, whose id this is, as the app does."""
    script = (
        "import sys; from pathlib import Path; from curation.store import Store;"
        "store = Store.open(Path(sys.argv[1])); print('open', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", script, str(folder / "curation.duckdb")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=cli_root()) as holder:
        assert holder.stdout is not None and holder.stdin is not None
        assert holder.stdout.readline() == b"open\n"
        yield holder.pid
        holder.stdin.close()


def test_another_process_that_holds_the_workspace_is_named(regrain: Regrain, imported: None, folder: Path) -> None:
    with held(folder) as pid:
        code, _, err = regrain("status")
    assert code == 2
    assert f"is open in another process (PID {pid}): close it or use another workspace" in err


def test_the_socket_is_its_owners_alone(app: Session) -> None:
    assert app.server is not None
    path = app.server.path
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert len(os.fsencode(path)) < 107
    app.close()
    assert not path.exists()


def test_a_stranger_gets_no_answer(app: Session, regrain: Regrain, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channel, "_peer", lambda connection: os.getuid() + 1)
    assert app.server is not None
    with socket.socket(socket.AF_UNIX) as stranger:
        stranger.connect(str(app.server.path))
        assert stranger.recv(100) == b""
    code, _, err = regrain("status")
    assert code == 2 and "runs as somebody else" in err


def test_a_socket_that_a_killed_app_left_is_passed_over(regrain: Regrain, imported: None, folder: Path) -> None:
    path = channel.socket_path(folder)
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(path))
    assert path.exists()
    assert regrain("status")[0] == 0
    session = open_session(folder)
    assert regrain("status")[0] == 0
    session.close()


def test_a_broken_command_does_not_end_the_app(app: Session, regrain: Regrain, monkeypatch: Any) -> None:
    def broken(*_: Any) -> int:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("curation.commands.run", broken)
    code, _, err = regrain("status")
    assert code == 1 and "ZeroDivisionError: a bug" in err
    monkeypatch.undo()
    assert regrain("status")[0] == 0


def test_the_runtime_folder_is_short_and_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    long = tmp_path / ("x" * 90)
    long.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(long))
    monkeypatch.setattr("tempfile.tempdir", str(long))
    assert len(os.fsencode(channel.socket_path(tmp_path))) < 107
    monkeypatch.setattr("tempfile.tempdir", "/tmp")
    shared = Path("/tmp") / f"shared-{os.getpid()}"
    (shared / "regrain").mkdir(parents=True)
    try:
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(shared))
        (shared / "regrain").chmod(0o755)
        with pytest.raises(RegrainError, match="open to others"):
            channel.socket_path(tmp_path)
        (shared / "regrain").chmod(0o700)
        assert channel.socket_path(tmp_path).parent == shared / "regrain"
    finally:
        (shared / "regrain").rmdir()
        shared.rmdir()


def test_the_app_is_streamlit_on_this_machines_own_address(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    begun: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda program, arguments: begun.append(arguments))
    monkeypatch.setattr(os, "chdir", lambda path: None)
    monkeypatch.setenv("REGRAIN_WORKSPACE", "unchanged")
    cli.main(["app", "--workspace", str(folder), "--port", "8600"])
    assert begun[0][1:] == [
        "-m", "streamlit", "run", "app.py", "--server.address=localhost", "--server.port=8600"
    ]  # fmt: skip
    assert os.environ["REGRAIN_WORKSPACE"] == str(folder)


def test_help_loads_nothing_heavy() -> None:
    script = (
        "import sys; from curation import cli; cli.parser();"
        "print({'torch', 'spacy', 'streamlit', 'plotly', 'open_clip'} & set(sys.modules))"
    )
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=cli_root())
    assert found.stdout == "set()\n"


def silent() -> Console:
    return Console(False, lambda text: None, lambda text: None)


def test_a_demo_that_cannot_be_finished_leaves_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def torn(partial: Path, *_: Any) -> int:
        partial.mkdir()
        (partial / "curation.duckdb").touch()
        raise KeyboardInterrupt

    monkeypatch.setattr(demo_workspace, "_build", torn)
    with pytest.raises(KeyboardInterrupt):
        demo_workspace.build_demo(folder, silent())
    assert not any(folder.parent.glob("*workspace*"))


def test_what_a_killed_demo_build_left_is_removed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left = folder.parent / f".{folder.name}.{ended.pid}.partial"
    left.mkdir(parents=True)
    monkeypatch.setattr(demo_workspace, "_build", lambda partial, *_: partial.mkdir() or 0)
    assert demo_workspace.build_demo(folder, silent()) == 0
    assert folder.is_dir() and not left.exists()


def test_the_demo_never_touches_what_is_there(folder: Path, imported: None) -> None:
    before = (folder / "curation.duckdb").stat().st_mtime_ns
    assert demo_workspace.build_demo(folder, silent()) == 0
    assert (folder / "curation.duckdb").stat().st_mtime_ns == before
    other = folder.parent / "other"
    other.mkdir()
    (other / "thesis.tex").touch()
    with pytest.raises(RegrainError, match="holds other files"):
        demo_workspace.build_demo(other, silent())


def test_a_workspace_that_was_only_opened_gives_way_to_the_demo_and_is_kept(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_session(folder).close()  # as the app does it
    said: list[str] = []
    monkeypatch.setattr(demo_workspace, "_build", lambda partial, *_: partial.mkdir() or 0)
    assert demo_workspace.build_demo(folder, Console(False, said.append, said.append)) == 0
    assert not list(folder.iterdir())  # what was built took its place
    (aside,) = folder.parent.glob("workspace.empty-*")
    assert (aside / "curation.duckdb").is_file() and str(aside) in "".join(said)


@pytest.mark.parametrize("trace", ["setting", "file"])
def test_an_empty_workspace_that_was_used_stays_and_is_told_of(
    folder: Path, regrain: Regrain, trace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_session(folder, serve=False).close()
    if trace == "setting":
        regrain("settings", "name=Birds")
    else:
        (folder / "notes.txt").write_text("mine")
    monkeypatch.setattr(demo_workspace, "_build", pytest.fail)
    said: list[str] = []
    assert demo_workspace.build_demo(folder, Console(False, said.append, said.append)) == 0
    assert "is there already and is not the demo" in said[0] and "0 captions" in said[0]
    assert "`regrain demo DIR` builds the demo in another folder" in said[0]
    assert (folder / "curation.duckdb").is_file()


def test_an_empty_workspace_that_is_used_while_the_demo_is_built_stays(
    folder: Path, regrain: Regrain, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_session(folder, serve=False).close()

    def build(partial: Path, *_: Any) -> int:
        partial.mkdir()
        regrain("settings", "name=Birds")
        return 0

    monkeypatch.setattr(demo_workspace, "_build", build)
    with pytest.raises(RegrainError, match="is not the demo"):
        demo_workspace.build_demo(folder, silent())
    assert "Birds" in regrain("status")[1]


def test_a_workspace_that_another_process_holds_is_told_of(folder: Path) -> None:
    open_session(folder, serve=False).close()
    said: list[str] = []
    with held(folder) as pid:
        assert demo_workspace.build_demo(folder, Console(False, said.append, said.append)) == 0
    assert f"open in process {pid}" in said[0]


def test_every_setting_has_a_rule_that_its_default_keeps() -> None:
    for key, value in settings.DEFAULTS.items():
        settings.check(key, value)


def test_what_the_machine_refuses_is_one_line_and_debug_shows_where(
    regrain: Regrain, imported: None, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for arguments in (("import", "table", "~nobody-of-that-name/x.csv"), ("import", "auto", "x" * 5_000)):
        code, out, err = regrain(*arguments)
        assert code == 2 and err.startswith("regrain: ") and err.count("\n") == 1 and not out, err
    code, _, err = regrain("--workspace", "~nobody-of-that-name", "status")
    assert code == 2 and "there is no such home folder" in err
    (folder / "curation.duckdb").write_bytes(b"no database at all")
    code, _, err = regrain("status")
    assert code == 2 and err.startswith("regrain: ") and err.count("\n") == 1


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), RuntimeError("a\nb"), ValueError("bad")])
def test_an_unforeseen_error_in_a_command_is_one_line_unless_debugging(
    regrain: Regrain, imported: None, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def failing(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("curation.commands.judging.hands.next_items", failing)
    code, _, err = regrain("next", "coarse")
    assert code == 2 and err.startswith("regrain: ") and err.count("\n") == 1
    with pytest.raises(type(error)):
        regrain("next", "coarse", "--debug")
    monkeypatch.setenv("REGRAIN_DEBUG", "1")
    with pytest.raises(type(error)):
        regrain("next", "coarse")


@pytest.mark.parametrize("number", ["-5", "0", "many", "9" * 30])
def test_next_takes_a_positive_number(
    regrain: Regrain, imported: None, capsys: pytest.CaptureFixture[str], number: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        regrain("next", "coarse", "-n", number)
    assert ended.value.code == 2 and "give 1 or more" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("text", 5), ("id", 5), ("id", ["x"]), ("person", None), ("person", 5), ("person", ""), ("person", " "),
        ("reason", {"a": 1}), ("reason", "\ud800"), ("revision", 1), ("image", ["x"]), ("caption", {}),
        ("suggestion", []), ("suggestion", True), ("suggestion", 0),
    ],
)  # fmt: skip
def test_a_decision_of_the_wrong_kind_is_refused_with_its_line_and_field(
    regrain: Regrain, imported: None, monkeypatch: pytest.MonkeyPatch, field: str, value: Any
) -> None:
    good = {"queue": "coarse", "caption": "a#0", "verdict": "fine"}
    bad = {"queue": "rewrites", "caption": "b#0", "verdict": "edit", "text": "a black cat", field: value}
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{json.dumps(good)}\n{json.dumps(bad)}\n"))
    code, out, err = regrain("decide", "--stdin")
    assert code == 2 and not out and err.count("\n") == 1
    assert err.startswith("regrain: line 2: ") and field in err
    assert json.loads(regrain("status", "--json")[1])["queues"]["coarse"]["done"] == 0


def test_people_are_added_changed_and_sent_away(regrain: Regrain, imported: None) -> None:
    assert "nobody yet" in regrain("people")[1]
    assert regrain("people", "add", "Ana@Lab.example", "--role", "owner", "--name", "Ana")[0] == 0
    assert regrain("people", "add", "ben")[1] == "ben: annotator, invited\n"
    assert regrain("people", "role", "ben", "adjudicator")[1] == "ben: adjudicator, invited\n"
    assert regrain("people", "state", "ben", "inactive")[0] == 0
    listed = json.loads(regrain("--json", "people")[1])
    assert [(one["id"], one["name"], one["role"], one["state"]) for one in listed] == [
        ("ana@lab.example", "Ana", "owner", "invited"),
        ("ben", "ben", "adjudicator", "inactive"),
    ]
    log = json.loads(regrain("--json", "people", "log")[1])
    assert log[0]["by"] == "ann (command line)" and (log[0]["old"], log[0]["new"]) == ("invited", "inactive")
    code, _, said = regrain("--person", "ben", "decide", "coarse", "a#0", "coarse")
    assert code == 2 and "ben does not work here any more" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["people", "add"], "whom?"),
        (["people", "role", "ben", "boss"], "which role?"),
        (["people", "state", "ben", "gone"], "which state?"),
        (["people", "role", "ben", "owner"], "invite them first"),
    ],
)
def test_misuse_of_people_is_told_in_one_line(
    regrain: Regrain, imported: None, arguments: list[str], said: str
) -> None:
    code, out, errors = regrain(*arguments)
    assert (code, out) == (2, "") and said in errors and errors.count("\n") == 1
