"""Where suggestions come from: how often people take them, and the order in which they are shown."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from curation.records import RegrainError
from curation.store import Store, offered, settings
from curation.store.offered import Cell, Fates

if TYPE_CHECKING:
    from curation.registry import Plugin
    from curation.suggesters.acceptance import Acceptance, Rate

FRESH_SECONDS = 30.0
"""How old rates may be before they are counted anew ..."""

REST = 30
"""... and how many times as long as counting took: of a log of a million decisions it takes a second."""

log = logging.getLogger(__name__)


def acceptance(store: Store) -> Acceptance:
    """Return the rates of acceptance as the log has them now."""
    return _rates(store, offered.fates(store))


def _rates(store: Store, fates: Mapping[Cell, Fates]) -> Acceptance:
    from curation.suggesters.acceptance import Acceptance, Judged

    counts = {cell: Judged(one.taken, one.judged) for cell, one in fates.items()}
    return Acceptance.of(counts, floor=settings.get(store, "acceptance_floor"))


@dataclass(frozen=True, slots=True)
class Line:
    """What became of the suggestions of a source and of one type of detail, '' for all of them; ``seldom`` says that
    they are shown last.
    """

    source: str
    type: str
    fates: Fates
    rate: Rate
    seldom: bool = False


@dataclass(frozen=True, slots=True)
class Switch:
    """A source that can be switched on and off. ``lacks`` says what it needs before, '' where it needs nothing."""

    name: str
    title: str
    help: str
    on: bool
    lacks: str = ""


@dataclass(frozen=True, slots=True)
class Overview:
    """All that is known of the sources: the best first, each with its types together.

    ``waiting`` counts suggestions on current texts by source, ``kept_back`` what the gates dropped there by reason and
    ``blocked`` by kind and sensitive word. ``pooled`` is the rate of all sources together.
    """

    lines: list[Line]
    waiting: dict[str, int]
    kept_back: dict[str, int]
    blocked: dict[tuple[str, str], int]
    switches: list[Switch]
    floor: float
    pooled: float


def overview(store: Store) -> Overview:
    """Return what became of suggestions, what the gates kept back, and which sources run."""
    fates = offered.fates(store)
    rates = _rates(store, fates)
    kept_back: Counter[str] = Counter()
    blocked: Counter[tuple[str, str]] = Counter()
    for reason, word, number in offered.kept_back(store):
        kept_back[reason] += number
        if word:
            blocked[(reason.removeprefix("sensitive:"), word)] += number
    waiting = offered.standing(store)
    lines = _lines(fates, rates, waiting)
    return Overview(lines, waiting, dict(kept_back), dict(blocked), switches(store), rates.floor, rates.pooled)


def switches(store: Store) -> list[Switch]:
    """Return every source in the shipped order, and whether it runs."""
    from curation.suggesters import running, suggesters

    chosen, off = settings.get(store, "suggesters"), settings.get(store, "suggesters_off")
    on, masked = running(chosen, off), settings.get(store, "masked_model")
    return [
        Switch(plugin.name, plugin.title, plugin.help, plugin.name in on, _lacks(plugin, chosen, masked))
        for plugin in sorted(suggesters, key=lambda one: int(one.facts["preference"]))
    ]


def switched(store: Store, on: Collection[str]) -> dict[str, Any]:
    """Return the settings under which just the sources ``on`` run; what each was set to is kept."""
    from curation.suggesters import suggesters

    chosen = dict(settings.get(store, "suggesters"))
    off = []
    for plugin in suggesters:
        if plugin.name not in on and (plugin.name in chosen or not plugin.facts["asked_for"]):
            off.append(plugin.name)
        elif plugin.name in on and plugin.facts["asked_for"]:
            chosen.setdefault(plugin.name, {})
    return {"suggesters": chosen, "suggesters_off": sorted(off)}


def _lacks(plugin: Plugin[Any], chosen: dict[str, dict[str, Any]], masked_model: str) -> str:
    if plugin.facts["needs"] == "language" and not masked_model:
        return "a masked language model (see the README)"
    if plugin.facts["needs"] != "endpoint" or chosen.get(plugin.name, {}).get("url"):
        return ""
    return "an address and a model (see the README)"


def _lines(fates: dict[Cell, Fates], rates: Acceptance, waiting: dict[str, int]) -> list[Line]:
    """Return for each source that was shown or waits a line for all of it, where it has not one type alone, and one for
    each of its types.
    """
    from curation.suggesters.acceptance import posterior

    found = []
    sources = {source for source, _ in fates} | set(waiting)
    for source in sorted(sources, key=lambda one: (-rates.rate(one, ""), one)):
        own = {kind: one for (name, kind), one in fates.items() if name == source}
        prior = rates.source_rates.get(source) or posterior(0, 0, rates.rate(source, ""))
        if len(own) != 1:
            found.append(Line(source, "", sum(own.values(), Fates()), prior))
        for kind, one in sorted(own.items(), key=lambda pair: (-rates.rate(source, pair[0]), pair[0])):
            rate = rates.rates.get((source, kind)) or posterior(0, 0, rates.rate(source, kind))
            found.append(Line(source, kind, one, rate, rates.seldom(source, kind) is not None))
    return found


class Ordering:
    """The order of suggestions by rates that are counted now and then, beside whoever asks: nobody waits for them.

    Until the first count is there the shipped order holds.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: Acceptance | None = None
        self._due_at = float("-inf")
        self._position: tuple[str, int] | None = None
        self._counting = threading.Lock()

    def __call__(self, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the suggestions of one caption in the order in which a person shall see them."""
        if time.monotonic() > self._due_at and self._position != self._store.position and not self._counting.locked():
            threading.Thread(target=self.count, name="acceptance", daemon=True).start()
        known = self._known
        return known.ordered(rows) if known else list(rows)

    def count(self) -> None:
        """Count the rates anew."""
        with self._counting:
            began, self._position = time.monotonic(), self._store.position
            try:
                self._known = acceptance(self._store)
            except RegrainError:
                pass  # the workspace was closed meanwhile
            except Exception:  # the order stays as it was
                log.exception("the acceptance of suggestions was not counted")
            ended = time.monotonic()
            self._due_at = ended + max(FRESH_SECONDS, REST * (ended - began))
