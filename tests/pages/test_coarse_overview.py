"""The overview of the coarse queue: its figures, and the ways from them to the captions."""

from __future__ import annotations

import pyarrow as pa

from curation import overview
from curation.records import Decision
from curation.store import Store, bulk, decisions, defects, scores
from curation.store.filters import Filter, from_query, to_query
from tests.pages.conftest import Open, texts

ROWS = {"caption_id": "scene-03#0", "revision_id": "scene-03#0@1", "kind": "article", "start": 0, "stop": 1}


def put_defect(store: Store) -> None:
    found = pa.Table.from_pylist([ROWS | {"wrong": "a", "repair": "an"}])
    defects.put(store, found, pa.table({"image_id": ["scene-03"], "key": ["k"]}))


def test_it_shows_distribution_budget_weights_and_defects(page: Open, store: Store) -> None:
    put_defect(store)
    app = page("coarse", view="overview")
    shown = texts(app)
    assert "How the score is spread, by verdict so far" in shown
    assert "shipped prior, fitted to no verdict of this workspace" in shown
    assert "What moves the score" in shown and "Fits as well" in shown
    assert "a or an" in shown and "1 caption" in shown
    assert 'href="coarse?as=ana&amp;view=defects&amp;defect=article"' in shown


def test_a_budget_leads_to_exactly_so_many_captions(page: Open, store: Store) -> None:
    app = page("coarse", view="overview")
    app.select_slider[0].set_value(12).run()
    shown = texts(app)
    assert "The first 12 hold an estimated" in shown
    found = overview.coarse_overview(store)
    at = [one.judged for one in found.promise.budgets].index(12)
    narrow = from_query(to_query(Filter(down_to=found.priorities[at] - 1e-7)))
    assert bulk.count(store, "coarse", "ana", narrow) == 12


def test_choosing_a_score_opens_its_captions_as_a_grid(page: Open, store: Store) -> None:
    app = page("coarse", view="overview")
    choice = app.selectbox(key="coarse-bin")
    choice.select_index(0).run()
    assert not app.exception
    asked = {name: app.query_params[name] for name in ("as", "view", "low", "high")}
    assert asked == {"as": "ana", "view": "grid", "low": "0.9", "high": "0.95"}


def test_judged_captions_stand_with_their_verdict_and_rewritten_ones_apart(store: Store) -> None:
    made = [
        Decision("a", "ana", "coarse", "scene-00#0", "scene-00#0@1", "coarse"),
        Decision("b", "ana", "coarse", "scene-00#1", "scene-00#1@1", "coarse"),
        Decision("c", "ana", "rewrites", "scene-00#1", "scene-00#1@1", "edit", text="a ball on the dry grass"),
    ]
    assert all(outcome.applied for outcome in decisions.decide(store, made))
    scored_anew = "UPDATE score SET revision_id = c.revision_id FROM caption c WHERE c.id = score.caption_id"
    store.write(lambda connection: connection.execute(scored_anew))
    spread = scores.coarse_spread(store, 20)
    assert spread[18]["coarse"] == 1
    assert spread[12]["rewritten"] == 1
    assert sum(sum(counts.values()) for counts in spread.values()) == 36
