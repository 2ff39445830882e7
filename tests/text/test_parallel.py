"""Several processes find what one does."""

import json

from curation.text.analysis import Analysis
from curation.text.parallel import CHUNK, analysers
from curation.text.parse import analyse

TEXTS = [f"a man in a {colour} shirt holds {n} cups" for n in range(70) for colour in ("red", "blue", "old", "wet")]


def test_the_order_and_the_analyses_are_those_of_one_process():
    assert len(TEXTS) > CHUNK
    with analysers(2) as pool:
        bodies = pool.bodies(TEXTS)
        assert pool.bodies([]) == []
    assert [Analysis.from_json(json.loads(body)) for body in bodies] == list(analyse(TEXTS))
