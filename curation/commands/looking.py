"""Looking at a workspace and taking care of it."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from curation import reports
from curation.commands import Args, Console, command
from curation.commands.work import follow
from curation.jobs.chains import ENCODE
from curation.records import SPLITS, Job, RegrainError
from curation.store import datasets, decisions, queues, scores, settings, upkeep, vectors, versions
from curation.store import jobs as store_jobs

if TYPE_CHECKING:
    from curation.session import Session

BROKEN = 1
HUBS_LISTED = 10


@command("status", title="Look")
def status(session: Session, args: Args, console: Console) -> int:
    """Show what the workspace holds and what is left to judge."""
    store, encoder = session.store, settings.get(session.store, "encoder")
    totals, counts = datasets.totals(store), queues.counts(store, args["person"])
    under_way = store_jobs.listed(store, states=("running", "waiting"))
    found: dict[str, Any] = {
        "workspace": str(session.workspace.folder),
        "name": settings.get(store, "name"),
        "encoder": encoder,
        "totals": totals,
        "vectors": vectors.encoders(store),
        "queues": counts,
        "stale": scores.stale(store, encoder),
        "jobs": [{"id": job.id, "kind": job.kind, "state": job.state} for job in under_way],
        "versions": [version["name"] for version in versions.listed(store)],
    }
    splits = ", ".join(f"{number['images']:,} {split}" for split, number in totals["splits"].items())
    console.give(
        found,
        f"{found['workspace']}  ({found['name']})",
        f"images: {totals['images']:,} ({splits or 'none yet'}), held as files: {totals['held']:,}",
        f"captions: {totals['captions']:,}",
        *(f"{row['encoder']}: {row['images']:,} images and {row['texts']:,} texts encoded" for row in found["vectors"]),
        *(f"queue {queue}: {number['todo']:,} to do, {number['done']:,} done" for queue, number in counts.items()),
        *(f"job {job.id}: {job.kind} {job.state}" for job in under_way),
        f"versions: {', '.join(found['versions']) or 'none frozen yet'}",
    )
    return 0


def _settings_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("assignments", nargs="*", type=_located, metavar="KEY=VALUE",
                        help="settings to change; VALUE as JSON or text")  # fmt: skip


@command("settings", title="Look", arguments=_settings_arguments, makes_workspace=True)
def settings_(session: Session, args: Args, console: Console) -> int:
    """Show the settings, or change some."""
    values = dict(_assignment(text) for text in args["assignments"])
    if values:
        _check(values)
        upkeep.change_settings(session.store, values)
    found = settings.everything(session.store)
    console.give(found, *(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in found.items()))
    return 0


def _check(values: Mapping[str, Any]) -> None:
    """Raise ``RegrainError`` for what the store cannot know to be wrong: names and settings of plug-ins."""
    for key, value in values.items():
        settings.check(key, value)
        if key == "suggesters":
            from curation.suggesters import check_settings

            check_settings(value)
        if key == "suggesters_off":
            from curation.suggesters import suggesters

            for name in value:
                suggesters.get(name)
        if key == "masked_model" and value:
            from curation.language import check_name

            check_name(value)


def _hubness_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--split", choices=SPLITS, help="the first split in review that has captions, by default")
    parser.add_argument("-k", type=int, default=10, help="neighbours (10)")
    parser.add_argument("--gallery", default="targets", help="what the captions search: targets, or targets+pool")
    parser.add_argument("--mitigation", default="nnn", help="name of a mitigation (nnn)")


@command("hubness", title="Look", arguments=_hubness_arguments)
def hubness(session: Session, args: Args, console: Console) -> int:
    """Show how unevenly images come up among the nearest of all captions, before and after a mitigation."""
    wanted = {name: args[name] for name in ("split", "k", "mitigation", "gallery")}
    wanted["split"] = wanted["split"] or _first_reviewed(session)
    found = reports.hubness(session, **wanted)
    if isinstance(found, Job):
        code = follow(session, console, [found])
        if code:
            return code
        found = reports.hubness(session, **wanted)
    assert isinstance(found, reports.HubnessReport)
    if console.json:
        console.give(found)
        return 0
    console.say(f"{found.queries:,} captions of {found.split} against {found.gallery:,} images, {found.encoder}")
    rows = [asdict(row) for row in (found.raw, found.mitigated) if row]
    columns = ["title", "skewness", "robin_hood", "antihub_rate", "hub_occurrence", "largest", "recall_1", "recall_10"]
    console.table(rows, columns, "")
    console.say(found.no_mitigation or f"the bank: {found.bank:,} captions of train and val", "largest hubs:")
    console.table([asdict(hub) for hub in found.hubs[:HUBS_LISTED]], ["image_id", "n_k", "n_k_after", "captions"], "")
    return 0


def _budget_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("judged", nargs="*", type=int, metavar="N", help="how many captions people could judge")


@command("budget", title="Look", arguments=_budget_arguments)
def budget(session: Session, args: Args, console: Console) -> int:
    """Show what share of all coarse captions the next N of the queue hold, and how far the score can be trusted."""
    if any(number < 1 for number in args["judged"]):
        raise RegrainError("a budget is a number of captions from 1, e.g. `regrain budget 2000`")
    found = reports.coarse(session.store, args["judged"])
    if console.json:
        console.give(found)
        return 0
    if not found.waiting:
        console.say("no scored caption waits in the coarse queue: `regrain prepare` scores captions")
        return 0
    for one in found.budgets:
        console.say(
            f"the first {one.judged:,} hold an estimated {100 * one.share:.0f} % of all coarse captions "
            f"({100 * one.low:.0f} to {100 * one.high:.0f} %): about {one.found - found.found:,.0f} more"
        )
    console.say(f"score: {found.model}, fitted to {found.verdicts:,} verdicts; {found.found:,} found coarse so far")
    rows = [{key: f"{value:.3g}" for key, value in row.items()} for row in found.reliability]
    console.table(
        rows, ["predicted", "observed", "number"], "no verdicts of your own yet: the shipped prior is untested"
    )
    return 0


def _first_reviewed(session: Session) -> str:
    splits = datasets.totals(session.store)["splits"]
    reviewed: list[str] = settings.get(session.store, "review_splits")
    return next((split for split in reviewed if splits.get(split, {}).get("captions")), reviewed[0])


def _verify_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--repair", action="store_true", help="encode anew what damaged shards held")


@command("verify", title="Care", arguments=_verify_arguments)
def verify(session: Session, args: Args, console: Console) -> int:
    """Hold the vector shards on disk against their checksums."""
    shards = session.workspace.vectors
    if args["repair"] and (forgotten := vectors.forget_broken(session.store, shards, checksums=True)):
        console.say(f"encoding anew what {', '.join(forgotten)} held")
        return follow(session, console, session.supervisor.add_chain(ENCODE))
    problems = vectors.verify(session.store, shards)
    console.give({"problems": problems}, *(problems or ["all vector shards are as they were written"]))
    return BROKEN if problems else 0


@command("rebuild", title="Care")
def rebuild(session: Session, args: Args, console: Console) -> int:
    """Derive queues and current texts anew from the imports and the decision log."""
    number = decisions.rebuild(session.store)
    console.give({"decisions": number}, f"{number:,} decisions replayed; everything that follows from them agrees")
    return 0


def _located(text: str) -> str:
    """Return an assignment as it reads from everywhere: the app that carries it out works in another folder."""
    key, _, value = text.partition("=")
    if key != "masked_model" or not value:
        return text
    from curation.language import located

    _, name = _assignment(text)
    return f"{key}={json.dumps(located(name))}" if isinstance(name, str) and name else text


def _assignment(text: str) -> tuple[str, Any]:
    key, equals, value = text.partition("=")
    if not equals:
        raise RegrainError(f"{text!r} is no KEY=VALUE: e.g. noise_share=0.1")
    try:
        return key, json.loads(value)
    except ValueError:
        return key, value
