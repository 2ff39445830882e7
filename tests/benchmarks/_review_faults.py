"""What faults cost: the fault tests, run whole, and the counts that each of them has noted before it judged them."""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

from tests.benchmarks._processes import CommandFailed, measured
from tests.benchmarks.bars import NotMeasured


def faults() -> dict[str, float]:
    """Run the fault tests and add up what they found lost, counted twice, never sent and not told.

    A failure that these counts do not show is raised again.
    """
    failed: CommandFailed | None = None
    with tempfile.TemporaryDirectory(prefix="regrain-bench-") as folder:
        report = Path(folder) / "report.xml"
        try:
            measured([sys.executable, "-m", "pytest", "-q", "tests/faults", f"--junitxml={report}"])
        except CommandFailed as error:
            failed = error
        tree = ElementTree.parse(report)
    notes = [one.attrib["value"] for one in tree.iterfind(".//property[@name='fault']")]
    skipped = [f"{one.attrib['name']}" for one in tree.iterfind(".//testcase") if one.find("skipped") is not None]
    if not notes:
        raise NotMeasured("no fault was noted: run `pytest tests/faults` to see why")
    total: Counter[str] = Counter()
    for note in notes:
        total.update({name: int(count) for name, _, count in (pair.partition("=") for pair in note.split())})
    if failed and not any(total.values()):
        raise failed
    return {
        "faults_tried": len(notes),
        "faults_skipped": len(skipped),
        **{f"faults_{name}": total[name] for name in ("acknowledged_lost", "counted_twice", "never_sent", "not_told")},
    }
