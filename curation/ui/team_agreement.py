"""Agreement on one queue: figures with their intervals, each person against the rest and gold, where people differ."""

from __future__ import annotations

import streamlit as st

from curation import team
from curation.agreement import Overall, PersonScores, Score
from curation.records import Queue
from curation.store import Store, decisions
from curation.team import Consistency
from curation.ui import cards, charts, figure_table, team_words
from curation.ui.figure_table import Column
from curation.ui.screen import Screen, panel
from curation.ui.wording import counted, verdict_label

NAMES = {
    "percent": "Same answer",
    "ac1": "Gwet's AC1",
    "alpha": "Krippendorff's alpha",
    "fleiss": "Fleiss' kappa",
    "cohen": "Cohen's kappa",
    "ac2": "Gwet's AC2",
}
MEANING = {
    "percent": "The chance that two people who judge the same item give the same answer. High is good. It does not say "
    "how much of it is luck.",
    "ac1": "Agreement beyond luck, where luck is guessing on the hard items alone (Gwet, 2008). 1 is full agreement, 0 "
    "is luck; high is good. It stays sound where nearly all answers are the same.",
    "alpha": "One minus the disagreement seen over the disagreement that luck would bring (Krippendorff, 2011). 1 is "
    "full agreement, 0 is luck; high is good. Its author asks for 0.8, and for 0.667 at least. For grades, a near miss "
    "counts less than a far one.",
    "fleiss": "Agreement beyond luck for any number of people, where luck is drawing answers as often as all people "
    "give them (Fleiss, 1971). 1 is full agreement, 0 is luck; high is good.",
    "cohen": "Agreement beyond luck of two people, where luck is drawing answers as often as each gives them (Cohen, "
    "1960); with more people, the mean over their pairs. 1 is full agreement, 0 is luck; high is good.",
    "ac2": "AC1 for grades: a near miss counts in part, by the square of how far two grades are apart. High is good.",
}
PARADOX = (
    "Kappa and alpha are far below AC1 because nearly all answers are the same. They then take most agreement for "
    "luck: two people who find the same few wrong pairs among a thousand right ones can still score low. Read AC1 here."
)
GAP = 0.2
"""Difference between AC1 and kappa from which the page says why."""


def show(screen: Screen) -> None:
    """Draw the section."""
    queue = team_words.choose_queue(screen)
    found = measured(screen.workspace.folder.as_posix(), queue, decisions.latest(screen.store), screen.store)
    if not team_words.sees_everybody(screen):
        found = team.own_view(found, screen.person)
    if not found.overall.items:
        cards.empty(
            "No item has two answers yet",
            "Agreement is measured on items that at least two people answer without seeing each other's answers. An "
            "owner sets for which share of a queue a second person is asked.",
            "Judge the next item",
            queue,
        )
    else:
        _overall(found.overall)
        _people(screen, found)
        _where(found)
        return
    if found.gold:
        _people(screen, found)


@st.cache_data(max_entries=20, show_spinner="Comparing the answers …")
def measured(folder: str, queue: Queue, latest: int, _store: Store) -> Consistency:
    """Return the agreement on a queue; kept until the next decision of anybody."""
    return team.consistency(_store, queue)


def _overall(found: Overall) -> None:
    cards.text(
        f"{counted(found.items, 'item')} with {found.answers:,} answers of {found.people} people. In brackets the 95 % "
        "interval from resampling whole images.",
        size="small",
    )
    if found.items < team.FEW:
        cards.warning(f"{counted(found.items, 'item')} say little: read the intervals, not the figures.")
    scores = _scores(found)
    cards.stats([_tile(name, score, found.pairs) for name, score in scores.items()])
    kappa = found.fleiss.value
    if found.ac1.value is not None and (kappa is None or found.ac1.value - kappa > GAP):
        st.info(cards.escape_markdown(PARADOX))
    with st.expander("What the figures mean"):
        for name in scores:
            st.markdown(f"**{cards.escape_markdown(NAMES[name])}.** {cards.escape_markdown(MEANING[name])}")
        st.markdown(cards.escape_markdown(PARADOX.replace("here.", "where noise is rare.")))
    known = {name: score for name, score in scores.items() if score.value is not None}
    charts.show(
        charts.intervals(
            [NAMES[name] for name in known],
            [_ends(score) for score in known.values()],
            x_title="agreement, high is good",
            best=1,
        ),
        {
            "measure": [NAMES[name] for name in known],
            "value": [score.value for score in known.values()],
            "low": [score.low for score in known.values()],
            "high": [score.high for score in known.values()],
        },
        title="Agreement with its intervals",
        key="agreement",
        note="1 is full agreement; of all but the share of same answers, 0 is what luck alone would give.",
    )


def _scores(found: Overall) -> dict[str, Score]:
    scores = {"percent": found.percent, "ac1": found.ac1, "alpha": found.alpha}
    if found.ac2 is not None:
        scores["ac2"] = found.ac2
    return scores | {"fleiss": found.fleiss, "cohen": found.cohen}


def _tile(name: str, score: Score, pairs: int) -> cards.Stat:
    label = f"{NAMES[name]}, mean of {pairs} pairs" if name == "cohen" and pairs > 1 else NAMES[name]
    if score.value is None:
        return cards.Stat(label, "not defined", score.why, help=MEANING[name])
    words = team_words.share(score) if name == "percent" else team_words.figure(score)
    value, _, interval = words.partition(" [")
    return cards.Stat(label, value, f"[{interval}" if interval else score.why, help=MEANING[name])


def _ends(score: Score) -> tuple[float, float | None, float | None]:
    return score.value or 0.0, score.low, score.high


def _people(screen: Screen, found: Consistency) -> None:
    known = team_words.names(screen)
    gold = {one.person: one for one in found.gold}
    rest = {one.person: one for one in found.rest}
    rows = [
        [known.get(person, person), *_against(rest.get(person)), *_against(gold.get(person), kappa=False)]
        for person in sorted(set(rest) | set(gold), key=str.lower)
    ]
    everybody = team_words.sees_everybody(screen)
    shown = len(_PEOPLE) if gold else _BEFORE_GOLD
    if rows:
        heading = "Each person against the others" if everybody else "You against the others"
        figure_table.show(heading, _PEOPLE[:shown], [row[:shown] for row in rows])
    if found.pairs:
        with st.expander("Every two people"):
            figure_table.show(
                "Every two people",
                (Column("Person", figures=False), Column("Other person", figures=False), *_PEOPLE[1:5]),
                [[known.get(one, one), known.get(other, other), *_against(score)] for one, other, score in found.pairs],
            )


_PEOPLE = (
    Column("Person", figures=False),
    Column("Shared items", "Items that this person and at least one other answered."),
    Column("Same as the others", MEANING["percent"]),
    Column("AC1", MEANING["ac1"]),
    Column("Kappa", MEANING["cohen"]),
    Column("Gold items", "Items whose right answer is known that this person answered."),
    Column("Right", "Share of the gold items that this person answered rightly. High is good."),
)
_BEFORE_GOLD = 5


def _against(found: PersonScores | None, *, kappa: bool = True) -> list[str]:
    if found is None or not found.items:
        return ["0", *[""] * (3 if kappa else 1)]
    more = [team_words.figure(found.ac1), team_words.figure(found.kappa)] if kappa else []
    return [f"{found.items:,}", team_words.share(found.percent), *more]


def _where(found: Consistency) -> None:
    labels = [verdict_label(found.queue, name) for name in found.verdicts.columns]
    used = [at for at, row in enumerate(found.verdicts.counts) if any(row)]
    with panel("verdicts", "Where people differ"):
        figure_table.matrix(
            "Answers of two people to one item",
            "When one person gave the answer on the left, what another gave to the same item: answers, and their share "
            "of the row. On the diagonal both gave the same.",
            "One person said",
            [labels[at] for at in used],
            [labels[at] for at in used],
            [[found.verdicts.counts[at][other] for other in used] for at in used],
            square=True,
        )
        _download(labels, found)
    if found.reasons.rows:
        with panel("reasons", "By reason"):
            figure_table.matrix(
                "Reasons and the others' answers",
                "When one person gave a reason, what the others answered to the same item: answers, and their share of "
                "the row. A reason whose row is spread out is understood in different ways.",
                "Reason",
                found.reasons.rows,
                [labels[at] for at in used],
                [[row[at] for at in used] for row in found.reasons.counts],
            )


def _download(labels: list[str], found: Consistency) -> None:
    """Offer the table of verdicts as CSV."""
    table = {"one person said": labels} | {
        label: [row[at] for row in found.verdicts.counts] for at, label in enumerate(labels)
    }
    charts.offer_csv(table, name=f"agreement-{found.queue}")
