"""A vision-language model behind an endpoint that is well, slow, failing, or answers nonsense."""

from __future__ import annotations

import base64
import io
import json
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from curation.records import RegrainError
from curation.suggesters import CaptionContext
from curation.suggesters.batch import suggest_batch
from curation.suggesters.endpoint import IN_VAIN, KEY, Endpoint, NoAnswer, Usage
from curation.text.parse import analyse
from tests.suggesters.chat_server import finer, said, serving, trickling

SECRET = "sk-not-to-be-seen"


@pytest.fixture
def context(tmp_path: Path) -> CaptionContext:
    picture = tmp_path / "picture.png"
    Image.new("RGB", (2000, 1000), "red").save(picture)
    (analysis,) = analyse(["a man rides a horse"])
    return CaptionContext(analysis, picture=picture, answers=tmp_path / "answers")


def suggest(server, context, **more):
    settings = {"url": server.url, "model": "tiny-vl", "timeout": 5.0, **more}
    (found,) = suggest_batch([context], settings={"vision_model": settings}, sources=["vision_model"])
    return [one.text for one in found]


def endpoint(server, waits=None, **more) -> Endpoint:
    return Endpoint(server.url, "tiny-vl", 5.0, pause=(waits if waits is not None else []).append, **more)


def test_it_asks_in_the_protocol_with_picture_schema_and_examples(context, monkeypatch) -> None:
    monkeypatch.setenv(KEY, SECRET)
    told = replace(context, examples=[("a dog", "a wet dog")])
    with serving(lambda n: finer("a man rides a brown horse", "a man in a hat rides a horse")) as server:
        assert suggest(server, told) == ["a man rides a brown horse", "a man in a hat rides a horse"]
    (asked,) = server.asked
    assert asked["path"] == "/v1/chat/completions" and asked["model"] == "tiny-vl"
    assert asked["response_format"]["json_schema"]["schema"]["required"] == ["captions"]
    text, shown = asked["messages"][0]["content"]
    assert "Caption: a man rides a horse" in text["text"] and "Finer: a wet dog" in text["text"]
    picture = Image.open(io.BytesIO(base64.b64decode(shown["image_url"]["url"].partition(",")[2])))
    assert picture.size == (768, 384)
    assert server.headers[0]["Authorization"] == f"Bearer {SECRET}"


def test_gates_hold_for_models_too(context) -> None:
    answers = (
        "an old man rides a horse",
        "a man rides a horse",
        "a man rides an brown horse",
        "a man rides a wet horse",
    )
    with serving(lambda n: finer(*answers)) as server:
        assert suggest(server, context, number=4) == ["a man rides a wet horse"]


def test_the_key_is_in_the_header_and_nowhere_else(context, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv(KEY, SECRET)
    with serving(lambda n: (500, {}, b"") if n else finer("a man rides a wet horse")) as server:
        suggest(server, context)
        with pytest.raises(NoAnswer) as problem:
            endpoint(server, retries=0).ask("other", context.picture, {})
    kept = "".join(path.read_text() for path in (tmp_path / "answers").iterdir())
    assert SECRET not in kept + str(problem.value) + repr(endpoint(server)) + json.dumps(server.asked)


def test_no_redirect_is_followed_with_the_key(context, monkeypatch) -> None:
    monkeypatch.setenv(KEY, SECRET)
    elsewhere = {"Location": ""}
    with serving(lambda n: finer("x")) as other, serving(lambda n: (307, elsewhere, b"")) as server:
        elsewhere["Location"] = f"{other.url}/chat/completions"
        with pytest.raises(NoAnswer, match="answers 307"):
            endpoint(server).ask("x", context.picture, {})
    assert other.asked == []


def test_the_same_question_is_asked_once(context) -> None:
    with serving(lambda n: finer("a man rides a wet horse")) as server:
        assert suggest(server, context) == suggest(server, context)
        assert len(server.asked) == 1
        suggest(server, context, model="another")
        assert len(server.asked) == 2
    assert (context.usage.requests, context.usage.from_cache) == (2, 1)
    assert (context.usage.tokens_in, context.usage.tokens_out) == (200, 40)
    assert "200 tokens in, 40 out" in context.usage.words()


def test_what_the_tokens_cost_is_told_where_prices_are_set(context) -> None:
    with serving(lambda n: finer("a man rides a wet horse")) as server:
        suggest(server, context)
        assert "prices" not in context.usage.words()
        suggest(server, context, price_in=1000, price_out=1000.0)  # from the cache: its tokens were paid for before
    assert "100 tokens in, 20 out (0.12 at the prices set)" in context.usage.words()
    context.usage.prices = (0.5, 0.0)
    assert "(less than 0.01 at the prices set)" in context.usage.words()


def test_what_was_answered_is_counted_on_by_the_next_process(tmp_path) -> None:
    log = tmp_path / "answers" / "job.usage"
    Usage.kept_in(log).count(100, 20)
    with log.open("a") as file:
        file.write("7 ")  # the process died here
    assert (Usage.kept_in(log).requests, Usage.kept_in(log).tokens_in) == (1, 100)


def test_half_an_answer_in_the_cache_is_asked_for_again(context, tmp_path) -> None:
    with serving(lambda n: finer("a man rides a wet horse")) as server:
        before = suggest(server, context)
        (kept,) = (tmp_path / "answers").iterdir()
        kept.write_text(kept.read_text()[:7])
        assert suggest(server, context) == before and len(server.asked) == 2


def test_an_answer_that_trickles_in_is_given_up(context) -> None:
    with trickling() as url, pytest.raises(NoAnswer, match="cannot be asked: TimeoutError"):
        Endpoint(url, "tiny-vl", 0.3, retries=0).ask("x", context.picture, {})


def test_failures_that_may_pass_are_tried_again_later_and_later(context) -> None:
    replies = [(503, {}, b""), (429, {"Retry-After": "9"}, b""), (200, {}, b"<html>"), finer("ok")]
    waits: list[float] = []
    with serving(lambda n: replies[n]) as server:
        assert endpoint(server, waits).ask("x", context.picture, {}) == {"captions": ["ok"]}
    assert 1 <= waits[0] <= 1.25 and waits[1] == 9 and 4 <= waits[2] <= 5


def test_failures_that_will_not_pass_are_not_tried_again(context) -> None:
    with serving(lambda n: (401, {}, b"")) as server, pytest.raises(NoAnswer, match="answers 401"):
        endpoint(server).ask("x", context.picture, {})
    assert len(server.asked) == 1


def test_an_endpoint_that_does_not_answer_in_time_is_given_up(context) -> None:
    release = threading.Event()

    def late(n: int):
        release.wait(20)
        return finer("too late")

    with serving(late) as server:
        slow = replace(endpoint(server), timeout=0.2, retries=1)
        with pytest.raises(NoAnswer, match="cannot be asked"):
            slow.ask("x", context.picture, {})
        release.set()
    assert len(server.asked) == 2


NONSENSE = [
    said("I cannot see the picture."),
    said('{"captions": "a man"}'),
    said('{"captions": [1, null, "", {"a": 1}]}'),
    said("[" * 5000),
    said('{"captions": ["' + "very " * 500 + 'long"]}'),
    said('{"captions": ["a man\\u0000 rides a wet horse"]}'),
    (200, {}, b'{"choices": []}'),
    (200, {}, b'{"choices": [{"message": {"content": null}}]}'),
    (200, {}, b"[]"),
    (200, {}, b"x" * 1_100_000),
]


@pytest.mark.parametrize("reply", NONSENSE, ids=range(len(NONSENSE)))
def test_nonsense_is_no_suggestion(context, reply) -> None:
    with serving(lambda n: reply) as server:
        assert suggest(server, context, retries=0) == []


def test_json_in_a_fence_is_json(context) -> None:
    with serving(lambda n: said('```json\n{"captions": ["a man rides a wet horse"]}\n```')) as server:
        assert suggest(server, context) == ["a man rides a wet horse"]


def test_no_more_requests_at_once_than_are_allowed(context) -> None:
    together = threading.Barrier(3, timeout=10)

    def reply(n: int):
        together.wait()  # answers only once three are open, so that fewer at once would fail
        return finer("a man rides a wet horse")

    contexts = [replace(context, examples=[(str(n), str(n))]) for n in range(6)]
    with serving(reply) as server:
        settings = {"vision_model": {"url": server.url, "model": "m", "at_once": 3}}
        found = suggest_batch(contexts, settings=settings, sources=["vision_model"])
    assert all(one for one in found) and server.most_open == 3


def test_an_endpoint_that_is_down_ends_the_job_in_words(context) -> None:
    usage = Usage()
    with serving(lambda n: (400, {}, b"")) as server:
        asking = replace(endpoint(server), usage=usage)
        for _ in range(IN_VAIN - 1):
            with pytest.raises(NoAnswer):
                asking.ask("x", context.picture, {})
        with pytest.raises(RegrainError, match=r"requests in a row to the vision model .* came to nothing .*400"):
            asking.ask("x", context.picture, {})


@pytest.mark.parametrize(
    ("url", "model", "rule"),
    [
        ("localhost:11434", "m", "url is 'localhost:11434'"),
        ("file:///etc/passwd", "m", "url is 'file:///etc/passwd'"),
        ("http://me:word@host/v1", "m", "put the key into REGRAIN_VLM_KEY"),
        ("http://host/v1", "", "has no name"),
    ],
)
def test_settings_that_name_no_endpoint_are_refused(url, model, rule) -> None:
    with pytest.raises(RegrainError, match=rule):
        Endpoint(url, model)


def test_a_picture_that_cannot_be_read_is_no_suggestion(context, tmp_path) -> None:
    (tmp_path / "broken.png").write_bytes(b"\x89PNG")
    with serving(lambda n: finer("x")) as server:
        assert suggest(server, replace(context, picture=tmp_path / "broken.png")) == []
        assert suggest(server, replace(context, picture=None)) == []
    assert server.asked == []
