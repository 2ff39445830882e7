"""The encoder setting, with a check that loads the model in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys

import streamlit as st

from curation.encoders import DEFAULT_ENCODER
from curation.records import RegrainError
from curation.reports import encoder_note
from curation.store import settings, upkeep, vectors
from curation.ui import cards
from curation.ui.screen import Screen, needing

EXAMPLES = (
    DEFAULT_ENCODER,
    "ViT-B-32/laion2b_s34b_b79k",
    "ViT-B-16-SigLIP2/webli",
    "MobileCLIP2-S0/dfndr2b",
)
SECONDS = 180

# The model is loaded outside the app: its libraries would cost every page a gigabyte and seconds.
_CHECK = """
import json, sys
from curation.encoders import load_encoder
from curation.records import RegrainError
try:
    found = load_encoder(sys.argv[1])
    answer = {"name": found.name, "dim": found.dim, "image_size": found.image_size, "context": found.context_length}
except RegrainError as problem:
    answer = {"problem": str(problem)}
print(json.dumps(answer))
"""


def check(name: str) -> str:
    """Load an encoder once and return what it is, in words; raises ``RegrainError`` where it cannot be loaded."""
    command = [sys.executable, "-c", _CHECK, name]
    try:
        ended = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=True)
        found = json.loads(ended.stdout.splitlines()[-1])
    except subprocess.TimeoutExpired as error:
        raise RegrainError(
            f"{name} was not loaded within {SECONDS} s: fetch its weights on the command line first"
        ) from error
    except (subprocess.CalledProcessError, IndexError, ValueError) as error:
        last = (getattr(error, "stderr", "") or str(error)).strip().splitlines()
        raise RegrainError(f"{name} cannot be loaded: {last[-1] if last else 'no reason was given'}") from error
    if "problem" in found:
        raise RegrainError(found["problem"])
    return (
        f"{found['name']}: vectors of {found['dim']:,} numbers, pictures of {found['image_size']} pixels, "
        f"{found['context']} tokens of text"
    )


def show(screen: Screen) -> None:
    """Draw the setting: the name, a button that checks it, a button that uses it."""
    current = settings.get(screen.store, "encoder")
    choices = list(dict.fromkeys([current, *EXAMPLES]))
    name = st.selectbox(
        "Encoder",
        choices,
        accept_new_options=True,
        help="Regrain's own small one, any MODEL/PRETRAINED that open_clip lists, or local-dir:FOLDER. "
        "With another encoder everything is encoded and scored anew; what people decided stays.",
    )
    if note := encoder_note(screen.store):
        cards.warning(note)
    with st.container(horizontal=True):
        if st.button("Check that it loads"):
            _checked(name)
        st.button("Use it", disabled=name == current, on_click=_use, args=(screen, name))
    _second(screen, current)
    for one in vectors.encoders(screen.store):
        cards.text(f"{one['encoder']}: {one['images']:,} images and {one['texts']:,} texts are encoded", size="small")


def _second(screen: Screen, first: str) -> None:
    """Draw the second encoder: none, one that has vectors here already, or another."""
    current = settings.get(screen.store, "second_encoder")
    there = [one["encoder"] for one in vectors.encoders(screen.store)]
    choices = [name for name in dict.fromkeys(["", current, *there, *EXAMPLES]) if name != first]
    name = st.selectbox(
        "Second encoder",
        choices,
        index=choices.index(current),
        format_func=lambda choice: choice or "none",
        accept_new_options=True,
        help="Its margin stands beside the first one's on every suggestion, and a suggestion that helps only the first "
        "is marked: a benchmark must not be built by the model that it will judge. Preparing encodes the reviewed "
        "images with it and seeks suggestions anew.",
    )
    if name == first:
        cards.warning(f"{first} is the encoder already: a second one has to be another")
    with st.container(horizontal=True):
        if st.button("Check that the second loads", disabled=not name):
            _checked(name)
        use = "Use it as second" if name else "Use no second"
        st.button(use, disabled=name in (current, first), on_click=_use_second, args=(screen, name))


def _checked(name: str) -> None:
    try:
        with st.spinner("Loading the model once, in a process of its own …", show_time=True):
            st.success(cards.escape_markdown(check(name)))
    except RegrainError as problem:
        cards.error(str(problem))


@needing("change settings")
def _use(screen: Screen, name: str) -> None:
    second = settings.get(screen.store, "second_encoder")
    upkeep.change_settings(screen.store, {"encoder": name, **({"second_encoder": ""} if name == second else {})})


@needing("change settings")
def _use_second(screen: Screen, name: str) -> None:
    upkeep.change_settings(screen.store, {"second_encoder": name})
