"""Hold the files of a layout, read back, against the benchmark: n in, n out, nothing dropped, every text equal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from curation.exporters import ReadBack
from curation.records import Benchmark, RegrainError

NO_QRELS = "this layout holds no judged pairs"


class ExportMismatch(RegrainError):
    """A layout's files do not say what the benchmark says; the release is not made. Names the first difference."""


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What one layout holds of the benchmark, of everything: in = out + left out + dropped.

    ``*_left_out`` is reason -> number. ``dropped`` is what no reason accounts for; it is 0, since anything else
    raises ``ExportMismatch``. Releases of earlier days have no figures about judged pairs.
    """

    layout: str
    captions_in: int
    captions_out: int
    images_in: int
    images_out: int
    dropped: int
    qrels_in: int = 0
    qrels_out: int = 0
    images_left_out: dict[str, int] = field(default_factory=dict)
    qrels_left_out: dict[str, int] = field(default_factory=dict)

    def line(self) -> str:
        """Return the outcome in plain words."""
        return (
            f"{self.layout}: {self.captions_in:,} captions in, {self.captions_out:,} out, "
            f"{self.images_in:,} images in, {self.images_out:,} out{_reasons(self.images_left_out)}, "
            f"{self.qrels_in:,} judged pairs in, {self.qrels_out:,} out{_reasons(self.qrels_left_out)}, "
            f"{self.dropped:,} dropped"
        )


def reconcile(
    layout: str,
    benchmark: Benchmark,
    found: ReadBack,
    expected_text: Callable[[str], str] = str,
    left_out: Mapping[str, str] | None = None,
) -> Reconciled:
    """Compare what was read back with the benchmark; raise ``ExportMismatch`` at the first difference.

    ``left_out`` is image id -> reason for the images that must not be in the files.
    """
    left_out = left_out or {}
    texts: dict[tuple[str, str], list[str]] = {}
    for caption in sorted(benchmark.captions, key=lambda caption: caption.i):
        texts.setdefault((caption.split, caption.image_id), []).append(expected_text(caption.text))
    for (split, image), wanted in texts.items():
        _same_texts(layout, f"image {image!r} ({split})", wanted, found.texts.get((split, image), []))
    for split, image in sorted(found.texts.keys() - texts.keys()):
        _differ(layout, f"the files hold captions of image {image!r} ({split}), the benchmark does not")
    _same_images(layout, {image.id for image in benchmark.images}, set(found.images), left_out)
    if found.qrels is not None:
        _same_qrels(layout, benchmark, found.qrels)
    captions_in, captions_out = len(benchmark.captions), sum(map(len, found.texts.values()))
    images_in, images_out = len(benchmark.images), len(found.images)
    judged = len({(qrel.caption_id, qrel.image_id) for qrel in benchmark.qrels})
    return Reconciled(
        layout,
        captions_in,
        captions_out,
        images_in,
        images_out,
        dropped=captions_in - captions_out + images_in - images_out - len(left_out),
        qrels_in=judged,
        qrels_out=judged if found.qrels is not None else 0,
        images_left_out=dict(Counter(left_out.values())),
        qrels_left_out={NO_QRELS: judged} if judged and found.qrels is None else {},
    )


def _reasons(left_out: Mapping[str, int]) -> str:
    return "".join(f", {number:,} left out ({reason})" for reason, number in left_out.items())


def _same_images(layout: str, wanted: set[str], found: set[str], left_out: Mapping[str, str]) -> None:
    for image in sorted((wanted - left_out.keys()) ^ found):
        where = "missing from the files"
        if image in found:
            where = (
                f"in the files, but {left_out[image]}" if image in left_out else "in the files, not in the benchmark"
            )
        _differ(layout, f"image {image!r} is {where}")


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
