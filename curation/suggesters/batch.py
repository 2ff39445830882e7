"""Suggestions for many captions at once: all suggesters in step, every text encoded once."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

import numpy as np

from curation.language import FillGaps, Filling, Gap
from curation.records import Suggestion
from curation.registry import Plugin
from curation.retrieval.blocks import FloatArray
from curation.retrieval.ranks import DELTA
from curation.suggesters import Asking, CaptionContext, Proposal, Suggester, suggesters
from curation.suggesters.gates import pass_gates
from curation.suggesters.rank import LIMIT, ranked
from curation.suggesters.requests import Request
from curation.suggesters.support import supported
from curation.suggesters.where import located

EmbedTexts = Callable[[list[str]], FloatArray]
Settings = Mapping[str, Mapping[str, Any]]

MOST_DRAFTS = 40
"""Of one caption, so many suggestions at most are encoded and ranked."""


class TextCache:
    """An encoder that remembers: wrap ``embed_texts`` once per job, since probes recur over captions.

    Holds at most ``capacity`` vectors; those that were not asked for longest are forgotten first.
    """

    def __init__(self, embed_texts: EmbedTexts, *, capacity: int = 100_000) -> None:
        self._embed = embed_texts
        self._capacity = capacity
        self._vectors: OrderedDict[str, FloatArray] = OrderedDict()
        self.encoded = 0

    def __call__(self, texts: list[str]) -> FloatArray:
        """Return the vectors of ``texts`` (n, d) in order; repeated and remembered texts cost nothing."""
        new = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        fresh = dict(zip(new, self._embed(new), strict=True)) if new else {}
        self.encoded += len(new)
        out = np.stack([fresh[text] if text in fresh else self._recall(text) for text in texts])
        self._vectors.update(fresh)
        while len(self._vectors) > self._capacity:
            self._vectors.popitem(last=False)
        return out

    def _recall(self, text: str) -> FloatArray:
        self._vectors.move_to_end(text)
        return self._vectors[text]


@dataclass(slots=True)
class _Task:
    """One suggester at work on one caption: what it asks for, and at the end what it found."""

    caption: int
    asking: Asking | None = None
    wanted: Request = field(default_factory=list)
    found: list[Suggestion] = field(default_factory=list)

    def advance(self, answer: Any) -> None:
        """Hand the answer over (None to begin) and note the next request or the result."""
        if self.asking is None:
            return
        try:
            self.wanted = self.asking.send(answer)
        except StopIteration as end:
            self.found, self.asking = end.value, None


def suggest_batch(
    contexts: Sequence[CaptionContext],
    embed_texts: EmbedTexts | None = None,
    *,
    settings: Settings | None = None,
    sources: Iterable[str] | None = None,
    limit: int = LIMIT,
    delta: float = DELTA,
    tally: Counter[str] | None = None,
    fill_gaps: FillGaps | None = None,
) -> list[list[Suggestion]]:
    """Return for every caption its suggestions: rewrites best first, then single attributes by slot.

    ``embed_texts`` maps m texts to (m, d) float32 unit rows; a ``TextCache`` kept over many calls saves most of
    the work. Without it, or for captions without image vectors, only text suggesters run and nothing is ranked by
    the picture. ``fill_gaps`` asks a masked language model; without it those that need one do not run, and how usual
    a word is follows from the corpus. ``settings`` maps a suggester's name to its keyword settings; ``sources`` names
    those to run; None runs all but those that must be asked for, and of these the ones that ``settings`` names.
    ``delta`` is the cosine difference within which a rival fits as well. ``tally`` counts what the gates dropped, by
    reason. An unknown name raises ``RegrainError``.
    """
    embed = embed_texts if embed_texts is None or isinstance(embed_texts, TextCache) else TextCache(embed_texts)
    settings = settings or {}
    contexts = [replace(context, fills_gaps=fill_gaps is not None) for context in contexts]
    plugins = _chosen(settings, sources)
    after = [plugin for plugin in plugins if plugin.facts["needs"] == "suggestions"]
    first = [plugin for plugin in plugins if plugin.facts["needs"] != "suggestions"]
    drafts: list[list[Suggestion]] = [[] for _ in contexts]
    _gather(_start(contexts, settings, first, with_vectors=embed is not None), embed, fill_gaps, drafts)
    passed = [_passed(context, found, tally)[:MOST_DRAFTS] for context, found in zip(contexts, drafts, strict=True)]
    if after and embed is not None:
        joined: list[list[Suggestion]] = [[] for _ in contexts]
        _gather(_start_over(contexts, passed, settings, after), embed, fill_gaps, joined)
        passed = [
            [*found, *_passed(context, more, tally)]
            for context, found, more in zip(contexts, passed, joined, strict=True)
        ]
    passed = [supported(context, found) for context, found in zip(contexts, passed, strict=True)]
    vectors = _vectors_of(contexts, passed, embed)
    shown = [
        ranked(context, found, rows, limit=limit, delta=delta)
        for context, found, rows in zip(contexts, passed, vectors, strict=True)
    ]
    return located(contexts, shown, embed) if embed is not None else shown


def _passed(context: CaptionContext, found: list[Suggestion], tally: Counter[str] | None) -> list[Suggestion]:
    return pass_gates(context.text, found, tally, gates=context.gates, agreed=context.agreed)


def _start(
    contexts: Sequence[CaptionContext], settings: Settings, plugins: Sequence[Plugin[Suggester]], *, with_vectors: bool
) -> list[_Task]:
    """Call every suggester that can run on every caption, up to its first request."""
    tasks = []
    answered = {p.name: _answers(contexts, p, settings) for p in plugins if p.facts["needs"] == "endpoint"}
    for caption, context in enumerate(contexts):
        for plugin in plugins:
            if plugin.name in answered:
                tasks.append(_task(caption, answered[plugin.name][caption]))
                continue
            if not _can_run(plugin, context, with_vectors=with_vectors):
                continue
            seen = context if with_vectors else replace(context, own=None)
            tasks.append(_task(caption, plugin.run(seen, **settings.get(plugin.name, {}))))
    return tasks


def _can_run(plugin: Plugin[Suggester], context: CaptionContext, *, with_vectors: bool) -> bool:
    needs = plugin.facts["needs"]
    return (needs != "vectors" or (with_vectors and context.has_vectors)) and (
        needs != "language" or context.fills_gaps
    )


def _answers(
    contexts: Sequence[CaptionContext], plugin: Plugin[Suggester], settings: Settings
) -> list[list[Suggestion]]:
    """Call a suggester that waits for an endpoint for several captions side by side; one failure ends all."""
    chosen = plugin.settings | dict(settings.get(plugin.name, {}))
    with ThreadPoolExecutor(max_workers=max(1, int(chosen.get("at_once", 1)))) as pool:
        waiting = [pool.submit(plugin.run, context, **chosen) for context in contexts]
        try:
            return [found if isinstance(found, list) else [] for found in (one.result() for one in waiting)]
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _start_over(
    contexts: Sequence[CaptionContext],
    passed: list[list[Suggestion]],
    settings: Settings,
    plugins: Sequence[Plugin[Suggester]],
) -> list[_Task]:
    """Call the suggesters that work on what the others found."""
    return [
        _task(caption, plugin.run(context, passed[caption], **settings.get(plugin.name, {})))
        for caption, context in enumerate(contexts)
        for plugin in plugins
        if context.has_vectors
    ]


def _task(caption: int, proposal: Proposal) -> _Task:
    task = _Task(caption, found=proposal) if isinstance(proposal, list) else _Task(caption, proposal)
    task.advance(None)
    return task


def _chosen(settings: Settings, sources: Iterable[str] | None) -> list[Plugin[Suggester]]:
    """Return the suggesters to run; where two agree, the first is named as the source."""
    named = {name: suggesters.get(name) for name in settings}
    plugins = (
        [plugin for plugin in suggesters if plugin.name in named or not plugin.facts["asked_for"]]
        if sources is None
        else [suggesters.get(name) for name in sources]
    )
    return sorted(plugins, key=lambda plugin: int(plugin.facts["preference"]))


def _gather(
    tasks: list[_Task], embed: EmbedTexts | None, fill_gaps: FillGaps | None, into: list[list[Suggestion]]
) -> None:
    """Let suggesters finish and add what they found to their caption's list."""
    _run(tasks, embed, fill_gaps)
    for task in tasks:
        into[task.caption] += task.found


def _run(tasks: list[_Task], embed: EmbedTexts | None, fill_gaps: FillGaps | None) -> None:
    """Answer requests round by round, all captions at once, until no suggester asks any more."""
    while open_tasks := [task for task in tasks if task.asking is not None]:
        gaps = [(task, task.wanted) for task in open_tasks if isinstance(task.wanted, tuple)]
        texts = [(task, task.wanted) for task in open_tasks if isinstance(task.wanted, list)]
        if gaps and fill_gaps is not None:
            for (task, _), fillings in zip(gaps, _filled([wanted for _, wanted in gaps], fill_gaps), strict=True):
                task.advance(fillings)
        if texts and embed is not None:
            for (task, _), rows in zip(texts, _encoded([wanted for _, wanted in texts], embed), strict=True):
                task.advance(rows)


def _filled(groups: list[tuple[Gap, ...]], fill_gaps: FillGaps) -> Iterator[list[Filling]]:
    """Fill groups of gaps in one call and hand each group its own."""
    fillings = iter(fill_gaps([gap for group in groups for gap in group]))
    for group in groups:
        yield list(islice(fillings, len(group)))


def _vectors_of(
    contexts: Sequence[CaptionContext], passed: list[list[Suggestion]], embed: EmbedTexts | None
) -> list[FloatArray | None]:
    """Return per caption the vectors of itself and its suggestions, None where it cannot be ranked."""
    able = [n for n, c in enumerate(contexts) if embed is not None and c.has_vectors and passed[n]]
    vectors: list[FloatArray | None] = [None] * len(contexts)
    if embed is not None and able:
        groups = [[contexts[n].text, *(suggestion.text for suggestion in passed[n])] for n in able]
        for n, rows in zip(able, _encoded(groups, embed), strict=True):
            vectors[n] = rows
    return vectors


def _encoded(groups: list[list[str]], embed: EmbedTexts) -> list[FloatArray]:
    """Encode groups of texts in one call and hand each group its rows."""
    rows = embed([text for group in groups for text in group])
    return np.split(rows, np.cumsum([len(group) for group in groups])[:-1])
