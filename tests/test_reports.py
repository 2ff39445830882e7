"""What pages and commands say beyond what the store holds."""

from __future__ import annotations

from curation import reports
from curation.commands.importing import _settings
from curation.records import DEMO_NAME
from curation.store import Store, datasets, settings
from tests.store.conftest import staged


def imported(store: Store, name: str) -> None:
    datasets.add(store, staged(), name=name, importer="table", source="captions.jsonl", root="images")


def test_the_embedded_encoder_is_doubted_where_it_meets_other_pictures() -> None:
    store = Store.in_memory()
    assert reports.encoder_note(store) == ""
    imported(store, "Our photographs")
    assert "Our photographs" in reports.encoder_note(store)
    settings.put(store, encoder="ViT-B-32/laion2b_s34b_b79k")
    assert reports.encoder_note(store) == ""
    store.close()


def test_the_demo_is_what_the_embedded_encoder_was_made_for() -> None:
    store = Store.in_memory()
    imported(store, DEMO_NAME)
    assert reports.encoder_note(store) == ""
    store.close()


def test_columns_are_taken_by_their_usual_names_unless_one_is_named(tmp_path) -> None:  # type: ignore[no-untyped-def]
    source = tmp_path / "photos.json"
    source.write_text('[{"image": "a.jpg", "captions": ["one", "two"]}]')
    assert _settings("table", source, [], "test") == {"image": "image", "captions": "captions", "split": "test"}
    assert _settings("table", source, ["captions=other"], None) == {"captions": "other"}
