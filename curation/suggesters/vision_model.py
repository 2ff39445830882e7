"""Finer captions by a vision-language model that sees the picture: image and caption in, JSON by schema out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Final

from curation.records import Suggestion
from curation.suggesters import CaptionContext, suggester
from curation.suggesters.edits import words_put_in
from curation.suggesters.endpoint import Endpoint, NoAnswer
from curation.text.worddiff import inserted_spans

SOURCE: Final = "vision_model"
LONGEST_CAPTION: Final = 400


ONLY_HOW: Final = ("at_once", "timeout", "retries", "price_in", "price_out")


@suggester(
    SOURCE, title="A vision-language model", needs="endpoint", preference=4, asked_for=True, changes_nothing=ONLY_HOW
)
def vision_model(
    context: CaptionContext,
    *,
    url: str = "",
    model: str = "",
    number: int = 3,
    max_words: int = 8,
    at_once: int = 4,
    timeout: float = 60.0,
    retries: int = 3,
    price_in: float = 0.0,
    price_out: float = 0.0,
) -> list[Suggestion]:
    """Ask an OpenAI-compatible endpoint for finer captions; the key is in `REGRAIN_VLM_KEY`, never in the settings.

    ``number`` captions are asked for, of which those are taken that put in ``max_words`` words at most; ``at_once``
    requests run side by side. A caption for which the endpoint has no usable answer gets no suggestion. The prices are
    those of a million tokens, for the cost that the job tells.
    """
    context.usage.prices = (price_in, price_out)
    if context.picture is None:
        return []
    endpoint = Endpoint(url, model, timeout, retries, cache=context.answers, usage=context.usage)
    try:
        answer = endpoint.ask(_prompt(context.text, number, context.examples), context.picture, _schema())
    except NoAnswer:
        return []
    texts = [text for text in _captions(answer)[:number] if words_put_in(context.text, text) <= max_words]
    spans = ((text, inserted_spans(context.text, text)) for text in dict.fromkeys(texts))
    return [Suggestion(text, SOURCE, "rewrite", put_in, {"model": model}) for text, put_in in spans if put_in]


def _prompt(caption: str, number: int, examples: Sequence[tuple[str, str]]) -> str:
    """Fill in the template; ``examples`` are captions with the finer ones that people accepted."""
    told = "".join(f"Caption: {before}\nFiner: {after}\n\n" for before, after in examples)
    return _file("finer.txt").format(number=number, caption=caption, examples=told)


def _captions(answer: Any) -> list[str]:
    """Return the usable texts of an answer, whatever else it holds: models ignore schemas now and then."""
    listed = answer.get("captions") if isinstance(answer, dict) else answer
    texts = [one for one in listed if isinstance(one, str)] if isinstance(listed, list) else []
    tidy = (" ".join(text.split()) for text in texts)
    return [text for text in tidy if text and len(text) <= LONGEST_CAPTION and text.isprintable()]


def _schema() -> dict[str, Any]:
    return dict(json.loads(_file("finer.json")))


@cache
def _file(name: str) -> str:
    return files("curation.suggesters").joinpath("prompts", name).read_text(encoding="utf-8")
