"""The robustness set from the command line."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING

from curation import robustness as sets
from curation.commands import Args, Console, absolute, command
from curation.records import RegrainError

if TYPE_CHECKING:
    from curation.session import Session


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--to", type=absolute, required=True, metavar="DIR", help="folder to make")


@command("robustness", title="Release", arguments=_arguments)
def robustness(session: Session, args: Args, console: Console) -> int:
    """Write confirmed stress insertions in XMAI's form, with a report of retrieval before and after."""
    folder = Path(args["to"])
    if folder.exists():
        raise RegrainError(f"{folder} exists: name another folder, nothing is overwritten")
    found = sets.rows(session.store)
    report = sets.report(session.store, session.workspace, found)
    partial = folder.with_name(f".{folder.name}.partial")
    partial.mkdir(parents=True, exist_ok=True)
    sets.write(found, partial / "modified.csv")
    (partial / "report.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    partial.rename(folder)
    before, after, drop = report["mrr_before"], report["mrr_after"], report["relative_drop"]
    console.give(
        report | {"folder": str(folder)},
        f"{report['insertions']:,} confirmed insertions, {report['left_out']:,} of them without vectors",
        f"MRR {before['estimate']:.4f} -> {after['estimate']:.4f}, relative drop {100 * drop['estimate']:.1f} % "
        f"(95 %: {100 * drop['low']:.1f} to {100 * drop['high']:.1f} %)",
        *(
            f"R@{k} {report['before']['recall'][k]:.1f} -> {report['after']['recall'][k]:.1f} %"
            for k in report["before"]["recall"]
        ),
        f"written to {folder}",
    )
    return 0
