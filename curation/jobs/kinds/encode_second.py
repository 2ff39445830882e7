"""Encode the reviewed images with the second encoder, where the workspace has one."""

from __future__ import annotations

from pathlib import Path

from curation.jobs import Args, job_kind
from curation.jobs.kinds import encode
from curation.store import Store, captions, contents, settings
from curation.workspace import Workspace


@job_kind("encode_second", title="Encode images with the second encoder", run=encode.run, commit=encode.commit)
def prepare(store: Store, workspace: Workspace, args: Args, folder: Path) -> int:
    """Encode the images of the reviewed splits that the second encoder has no vector of; without one there are none.

    Texts are encoded where suggestions are sought: only those of suggestions are compared.
    """
    second = settings.get(store, "second_encoder")
    if not second:
        return 0
    reviewed = captions.images_in_splits(store, settings.get(store, "review_splits"))["id"].to_pylist()
    ids = set(reviewed)
    images = [image for image in contents.held_images(store, second) if image["id"] in ids]
    return encode.write_inputs(store, workspace, folder, second, images)
