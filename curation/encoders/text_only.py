"""An encoder of which only the text side stays in memory."""

from __future__ import annotations

from curation.encoders.contract import Encoder


def text_only(encoder: Encoder) -> Encoder:
    """Return the encoder with its image side let go; asked for images afterwards, it fails.

    An encoder that is no open_clip model is returned as it is.
    """
    from curation.encoders.open_clip_models import OpenClipEncoder

    if isinstance(encoder, OpenClipEncoder):
        encoder.model.visual = None  # of most models the larger half
    return encoder
