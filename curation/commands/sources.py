"""Sources of suggestions from the command line."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from curation import sources as known
from curation.commands import Args, Console, command

if TYPE_CHECKING:
    from curation.session import Session
    from curation.sources import Line


@command("sources", title="Look")
def sources(session: Session, args: Args, console: Console) -> int:
    """Show how often people take what each source suggests, by type of detail, and what was kept back."""
    found = known.overview(session.store)
    rows = [_row(line) for line in found.lines]
    switches = [asdict(one) for one in found.switches]
    if console.json:
        console.give({"sources": rows, "kept_back": found.kept_back, "switches": switches, "floor": found.floor})
        return 0
    shown = [
        row | {"taken %": f"{100 * row['rate']:.0f} ({100 * row['low']:.0f} to {100 * row['high']:.0f})"}
        for row in rows
    ]
    columns = ("source", "type", "taken %", "accepted", "edited", "passed", "rejected", "below", "other", "shown_last")
    console.table(shown, columns, "no suggestions yet: `regrain suggest` seeks them")
    kept_back = ", ".join(f"{reason.replace(':', ' ')} {n:,}" for reason, n in found.kept_back.items())
    console.say(f"kept back: {kept_back or 'nothing is known'}")
    console.say(f"not running: {', '.join(one.name for one in found.switches if not one.on or one.lacks) or 'none'}")
    return 0


def _row(line: Line) -> dict[str, Any]:
    counts = asdict(line.fates)
    rate, low, high, *_ = line.rate
    return {
        "source": line.source,
        "type": line.type or "all",
        "rate": round(rate, 4),
        "low": round(low, 4),
        "high": round(high, 4),
        "judged": line.fates.judged,
        **counts,
        "shown_last": line.seldom,
    }
