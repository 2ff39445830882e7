"""Hold the files of a layout, read back, against the benchmark: n in, n out, nothing dropped, every text equal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from curation.exporters import ReadBack
from curation.records import Benchmark, RegrainError


class ExportMismatch(RegrainError):
    """A layout's files do not say what the benchmark says; the release is not made. Names the first difference."""


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What one layout holds of the benchmark: in = out, since anything else raises ``ExportMismatch``."""

    layout: str
    captions_in: int
    captions_out: int
    images_in: int
    images_out: int
    dropped: int

    def line(self) -> str:
        """Return the outcome in plain words."""
        return (
            f"{self.layout}: {self.captions_in:,} captions in, {self.captions_out:,} out, "
            f"{self.images_in:,} images in, {self.images_out:,} out, {self.dropped:,} dropped"
        )


def reconcile(layout: str, benchmark: Benchmark, found: ReadBack, expected_text: Callable[[str], str]) -> Reconciled:
    """Compare what was read back with the benchmark; raise ``ExportMismatch`` at the first difference."""
    texts: dict[tuple[str, str], list[str]] = {}
    for caption in sorted(benchmark.captions, key=lambda caption: caption.i):
        texts.setdefault((caption.split, caption.image_id), []).append(expected_text(caption.text))
    for (split, image), wanted in texts.items():
        _same_texts(layout, f"image {image!r} ({split})", wanted, found.texts.get((split, image), []))
    for split, image in sorted(found.texts.keys() - texts.keys()):
        _differ(layout, f"the files hold captions of image {image!r} ({split}), the benchmark does not")
    wanted_images, found_images = {image.id for image in benchmark.images}, set(found.images)
    for image in sorted(wanted_images ^ found_images):
        where = "missing from the files" if image in wanted_images else "in the files, not in the benchmark"
        _differ(layout, f"image {image!r} is {where}")
    if found.qrels is not None:
        _same_qrels(layout, benchmark, found.qrels)
    n_in, n_out = len(benchmark.captions), sum(map(len, found.texts.values()))
    return Reconciled(layout, n_in, n_out, len(benchmark.images), len(found.images), n_in - n_out)


def _same_texts(layout: str, image: str, wanted: list[str], found: list[str]) -> None:
    if len(wanted) != len(found):
        _differ(layout, f"{image} has {len(wanted)} captions, the files hold {len(found)}")
    for k, (one, other) in enumerate(zip(wanted, found, strict=True)):
        if one != other:
            _differ(layout, f"caption {k} of {image} should read {one!r}, the files say {other!r}")


def _same_qrels(layout: str, benchmark: Benchmark, found: dict[tuple[str, str], int]) -> None:
    judged = {(qrel.caption_id, qrel.image_id): qrel.grade for qrel in benchmark.qrels}
    for pair, grade in judged.items():
        if found.get(pair) != grade:
            _differ(layout, f"pair {pair[0]!r} - {pair[1]!r} has grade {grade}, the files say {found.get(pair)}")
    own = {(caption.id, caption.image_id) for caption in benchmark.captions}
    for pair in sorted(found.keys() - judged.keys() - own):
        _differ(layout, f"pair {pair[0]!r} - {pair[1]!r} is in the files but nobody judged it")


def _differ(layout: str, difference: str) -> None:
    raise ExportMismatch(f"{layout}: {difference}. Nothing was released; please report this as a defect.")
