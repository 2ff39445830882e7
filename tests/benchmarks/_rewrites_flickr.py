"""Best of five suggestions against the words that people put into Flickr30K, as the two known ways are measured.

Words are runs of letters and digits; what an edit inserts is the multiset difference of its words and the old ones,
split possessives rejoined, without spaCy's stop words. Siblings are the old captions: no new text is seen.
"""

from __future__ import annotations

import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from curation.suggesters import CaptionContext, Neighbour, Sibling
from curation.suggesters.batch import suggest_batch
from curation.suggesters.edits import apply, words_put_in
from curation.suggesters.likelihood import Prior, content_words, features_of, shipped
from curation.suggesters.telling import Told, chosen_together, told
from curation.text.alike import Alike
from curation.text.analysis import Analysis
from curation.text.idf import Idf, fit_idf
from curation.text.normalise import fg_normalise, rejoin_possessives, tokens
from curation.text.parse import analyse
from tests.benchmarks.bars import data

FIVE = 5
FOLDS = 5
MOST_WORDS = 6
SIMILAR_IMAGES = 25


@dataclass(frozen=True)
class Case:
    """A changed caption, which of its image it is, its normalised old text, what a person put in, and its siblings."""

    image: str
    i: int
    old: str
    wanted: Counter[str]
    siblings: tuple[str, ...]
    context: CaptionContext


@cache
def _rows() -> list[dict[str, Any]]:
    path = data() / "flickr30k_fg/old_new_aligned.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@cache
def _parsed() -> dict[tuple[str, int], Analysis]:
    """Return the analyses of the old captions."""
    return dict(zip([(r["image"], r["i"]) for r in _rows()], analyse([r["old_raw"] for r in _rows()]), strict=True))


@cache
def cases(*, similar: bool = False) -> list[Case]:
    """Return the changed captions whose edit inserts a content word.

    With ``similar`` their contexts hold the old captions of images whose old captions are alike.
    """
    rows, parsed = _rows(), _parsed()
    idf = fit_idf(row["old_raw"] for row in rows)
    alike = _alike() if similar else {}
    by_image: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        by_image[row["image"]].append(row)
    found = []
    for row in rows:
        old = rejoin_possessives(row["old_norm"])
        wanted = inserted(old, row["new"])
        if not row["changed"] or not wanted:
            continue
        others = [other for other in by_image[row["image"]] if other["i"] != row["i"]]
        siblings = tuple(Sibling(other["i"], parsed[row["image"], other["i"]]) for other in others)
        analysis, neighbours = parsed[row["image"], row["i"]], alike.get(row["image"], [])
        context = CaptionContext(analysis, siblings, idf=idf, neighbours=neighbours)
        texts = tuple(rejoin_possessives(other["old_norm"]) for other in others)
        found.append(Case(row["image"], row["i"], old, wanted, texts, context))
    return found


def _alike() -> dict[str, list[Neighbour]]:
    texts: dict[str, list[str]] = defaultdict(list)
    for row in _rows():
        texts[row["image"]].append(row["old_raw"])
    near = Alike(texts).nearest(list(texts), SIMILAR_IMAGES)
    return {
        image: [Neighbour(f"{one}#{i}", _parsed()[one, i]) for one in others for i in range(len(texts[one]))]
        for image, others in near.items()
    }


def inserted(old: str, new: str) -> Counter[str]:
    """Return the content words that ``new`` holds more often than ``old``."""
    more = Counter(tokens(new)) - Counter(tokens(old))
    return Counter({word: count for word, count in more.items() if word not in stop_words()})


@cache
def stop_words() -> frozenset[str]:
    """Return spaCy's English stop words."""
    from spacy.lang.en.stop_words import STOP_WORDS

    return frozenset(STOP_WORDS)


def marks(case: Case, suggestions: Sequence[Counter[str]]) -> tuple[float, float, float]:
    """Return best F1 and best recall of five suggestions, and whether one of them holds every word."""
    size, f1, recall = sum(case.wanted.values()), 0.0, 0.0
    for words in suggestions[:FIVE]:
        hits = sum((words & case.wanted).values())
        f1 = max(f1, 2 * hits / (size + sum(words.values())) if hits else 0.0)
        recall = max(recall, hits / size)
    return f1, recall, float(recall == 1)


def means(name: str, suggest: Callable[[Case], Sequence[Counter[str]]]) -> dict[str, float]:
    """Return the mean marks over all captions."""
    table = np.array([marks(case, suggest(case)) for case in cases()]).mean(axis=0)
    return {f"{name}_{mark}": round(float(v), 4) for mark, v in zip(("f1", "recall", "all_words"), table, strict=True)}


def known_ways() -> dict[str, float]:
    """Pour each sibling in whole; or put in the bare modifiers and phrases of shared nouns, by count."""
    held = [_share_held(case) for case in cases()]
    return {
        "captions": len(cases()),
        "all_sibling_words_recall": round(float(np.mean(held)), 4),
        **means("whole_siblings", _whole),
        **means("bare_details", _bare),
    }


def _share_held(case: Case) -> float:
    told = _new_words(case, [word for sibling in case.siblings for word in tokens(sibling)])
    return sum((told & case.wanted).values()) / sum(case.wanted.values())


def _new_words(case: Case, words: Iterable[str]) -> Counter[str]:
    return Counter(set(words) - set(tokens(case.old)) - stop_words())


def _whole(case: Case) -> list[Counter[str]]:
    return [_new_words(case, tokens(sibling)) for sibling in case.siblings]


def _bare(case: Case) -> list[Counter[str]]:
    """Return the words of each modifier and phrase of a noun that the caption names too, the oftenest told first."""
    told: Counter[tuple[str, ...]] = Counter()
    ours = {noun.lemma for noun in case.context.analysis.nouns}
    for sibling in case.context.siblings:
        other = sibling.analysis
        parts = [other.slice(m) for noun in other.nouns if noun.lemma in ours for m in noun.modifiers]
        parts += [phrase.text for phrase in other.phrases if other.nouns[phrase.noun].lemma in ours]
        told.update({tuple(sorted(_new_words(case, tokens(part)))) for part in parts} - {()})
    return [Counter(words) for words, _ in told.most_common(FIVE)]


Features = dict[str, float | str]


@cache
def _told(*, similar: bool) -> list[Told]:
    return [told(case.context) for case in cases(similar=similar)]


def fitted_without_the_image() -> dict[str, float]:
    """Suggest from the siblings alone, with weights fitted on the other four fifths of the images."""
    return _measured("siblings", _cross_fitted(similar=False))


def similar_too() -> dict[str, float]:
    """The same from the old captions of similar images as well, as where no pictures can be compared."""
    return _measured("similar", _cross_fitted(similar=True))


def _cross_fitted(*, similar: bool) -> list[list[str]]:
    """Return five suggestions for each caption, five times fitted on four fifths of the images."""
    images = sorted({case.image for case in cases()})
    random.Random(0).shuffle(images)
    fold = {image: place % FOLDS for place, image in enumerate(images)}
    known = list(zip(cases(similar=similar), _told(similar=similar), strict=True))
    texts: list[list[str]] = [[] for _ in known]
    for left_out in range(FOLDS):
        prior = fit([one for one in known if fold[one[0].image] != left_out])
        for n, (case, found) in enumerate(known):
            if fold[case.image] == left_out:
                texts[n] = list(_texts(case, found, prior))
    return texts


def shipped_weights() -> dict[str, float]:
    """Suggest as the product does where there are no pictures."""
    start = time.perf_counter()
    known = cases(similar=True)
    found = suggest_batch([case.context for case in known], sources=["siblings", "similar_captions"])
    seconds = time.perf_counter() - start
    texts = [[s.text for s in one if s.kind == "rewrite"][:FIVE] for one in found]
    return _measured("shipped", texts) | {"shipped_seconds_a_caption": round(seconds / len(texts), 4)}


def _texts(case: Case, found: Told, prior: Prior) -> Iterator[str]:
    for chosen in chosen_together(case.context, found, keep=FIVE, max_words=MOST_WORDS, prior=prior):
        text = apply(case.context.text, [detail.insertion for detail in chosen])
        if words_put_in(case.context.text, text) <= MOST_WORDS:
            yield text


def _measured(name: str, texts: Sequence[Sequence[str]]) -> dict[str, float]:
    plain = [[rejoin_possessives(fg_normalise(text)) for text in five] for five in texts]
    longest = max(
        sum((Counter(tokens(text)) - Counter(tokens(case.old))).values())
        for case, five in zip(cases(), plain, strict=True)
        for text in five
    )
    by_case = {id(case): five for case, five in zip(cases(), plain, strict=True)}
    found = means(name, lambda case: [inserted(case.old, text) for text in by_case[id(case)]])
    covered = round(sum(bool(five) for five in plain) / len(plain), 4)
    return found | {f"{name}_covered": covered, f"{name}_longest": longest}


def fit(known: Sequence[tuple[Case, Told]]) -> Prior:
    """Return weights fitted by logistic regression to the words of the details of some captions."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    examples = [example for case, found in known for example in _examples(case, found)]
    vectoriser = DictVectorizer(separator="=")
    model = LogisticRegression(C=0.3, max_iter=2000).fit(
        vectoriser.fit_transform([features for features, _ in examples]), [put_in for _, put_in in examples]
    )
    weights: dict[str, Any] = {"bias": float(model.intercept_[0]), "unheard": shipped().unheard}
    weights |= {name: {} for name in ("kind", "role", "how")}
    for feature, weight in zip(vectoriser.feature_names_, model.coef_[0], strict=True):
        name, _, value = feature.partition("=")
        if value:
            weights[name][value] = float(weight)
        else:
            weights[name] = float(weight)
    return Prior(weights)


def _examples(case: Case, found: Told) -> Iterator[tuple[Features, bool]]:
    own = tokens(case.context.text)
    others = [frozenset(tokens(sibling.analysis.text)) for sibling in case.context.siblings]
    idf: Idf | None = case.context.idf
    for detail in found.all:
        for word in content_words(detail.insertion.words) - set(own):
            heard, alike = sum(word in other for other in others), found.heard.get(word, 0)
            features = features_of(detail, word, heard=heard, words=len(own), idf=idf, alike=alike)
            yield features, word in case.wanted
