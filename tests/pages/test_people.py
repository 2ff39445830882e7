"""Who is let in, in which role, and what each role sees: without sign-in, on this machine and elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from curation.store import Store, people, settings
from curation.store.people import ROLES, Person, Role
from curation.ui import frame, permissions, sign_in
from curation.ui.person import system_user
from curation.ui.visitor import Arrival, is_here
from tests.pages.conftest import ROOT, texts
from tests.pages.visitors import ELSEWHERE, HERE, comes

PAGES = ["home", *sorted(path.stem for path in (ROOT / "pages").glob("*.py"))]
SECRETS = ("Twelve scenes", "scene-0", "a ball", "/image/", "captions to judge", ":gray[")


def opened(name: str, **query: str) -> AppTest:
    """Return a page as a cold visitor gets it."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception, app.exception
    if name != "home":
        for key, value in query.items():
            app.query_params[key] = value
        app.switch_page(f"pages/{name}.py").run()
        assert not app.exception, app.exception
    return app


def everything(app: AppTest) -> str:
    """Return all that was sent to the browser, as text: what a page would have to hide is in none of it."""
    return "\n".join(str(element.proto) for element in app if getattr(element, "proto", None) is not None)


def test_every_page_has_its_line_in_the_table_of_roles() -> None:
    assert set(PAGES) <= set(permissions.PAGES), "a page without a line is for owners alone: say whom it is for"


@pytest.mark.parametrize("name", PAGES)
def test_a_visitor_from_elsewhere_sees_nothing_of_the_workspace(
    prepared: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    comes(monkeypatch, ELSEWHERE)
    app = opened(name, **{"as": "ana", "plain": "1", "item": "scene-00#0"})
    assert "Nobody can sign in here yet" in texts(app)
    for secret in (*SECRETS, str(prepared)):
        assert secret not in everything(app)
    assert not app.get("page_link"), "the menu tells what there is"


def test_what_must_be_hidden_is_there_for_those_who_are_let_in(prepared: Path) -> None:
    shown = everything(opened("home", **{"as": "ana"})) + everything(opened("coarse", **{"as": "ana", "plain": "1"}))
    for secret in (*SECRETS, str(prepared)):
        assert secret in shown, secret


@pytest.mark.parametrize("name", PAGES)
def test_nobody_signed_in_sees_nothing_of_the_workspace(
    prepared: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(monkeypatch, {})
    app = opened(name, **{"as": "ana", "plain": "1", "item": "scene-00#0"})
    assert "Sign in to work here" in texts(app)
    assert [button.label for button in app.button] == ["Sign in"]
    for secret in (*SECRETS, str(prepared)):
        assert secret not in everything(app)


@pytest.mark.parametrize(
    "came",
    [
        Arrival("0.0.0.0", HERE.headers, None),
        Arrival("", HERE.headers, None),
        Arrival("localhost", {}, None),
        Arrival("localhost", {"host": "regrain.lab.example"}, None),
        Arrival("localhost", {"host": "localhost.evil.example:8501"}, None),
        Arrival("localhost", {"host": "localhost:8501", "origin": "https://regrain.lab.example"}, None),
        Arrival("localhost", {"host": "localhost:8501", "origin": "null"}, None),
        Arrival("localhost", HERE.headers, "10.0.0.7"),
        *(Arrival("localhost", {**HERE.headers, name: "127.0.0.1"}, None) for name in ("x-forwarded-for", "forwarded")),
        Arrival("localhost", {**HERE.headers, "x-real-ip": "127.0.0.1"}, None),
    ],
)
def test_any_sign_of_another_machine_counts(came: Arrival) -> None:
    assert is_here(HERE) and is_here(Arrival("127.0.0.1", {"host": "[::1]:8501"}, None))
    assert not is_here(came)


def test_the_user_of_this_machine_is_an_owner_and_other_names_are_annotators(prepared: Path, store: Store) -> None:
    opened("home")
    opened("home", **{"as": "ben"})
    found = {one.id: (one.role, one.state) for one in people.listed(store)}
    assert found[system_user()] == ("owner", "active")
    assert found["ben"] == ("annotator", "active")


def test_an_address_of_mail_is_no_name(prepared: Path, store: Store) -> None:
    app = opened("coarse", **{"as": "boss@lab.example"})
    assert "give a name instead" in texts(app) and "a ball" not in everything(app)
    assert people.get(store, "boss@lab.example") is None


def test_names_are_trusted_from_elsewhere_where_the_owner_says_so(
    prepared: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    comes(monkeypatch, ELSEWHERE)
    settings.put(store, names_on_trust=True)
    asked = opened("coarse")
    assert "Who are you?" in texts(asked) and "a ball" not in everything(asked)
    app = opened("home", **{"as": "ben"})
    assert "Twelve scenes" in texts(app) and "name not verified" in texts(app)
    people.add(store, Person("olga", "Olga", "owner", "active"), by="test")
    assert "This page is for owners" in texts(opened("datasets", **{"as": "olga"})), "a name alone makes no owner"


def test_whoever_is_inactive_cannot_work_under_that_name(prepared: Path, store: Store) -> None:
    people.add(store, Person("ben", "ben", "annotator", "inactive"), by="test")
    app = opened("coarse", **{"as": "ben"})
    assert "You do not work here at the moment" in texts(app) and "a ball" not in everything(app)
    app.text_input(key="person-name").set_value("cora")
    next(button for button in app.button if button.label == "Use this name").click().run()
    assert "Working as" in texts(app) and "cora" in texts(app)


@pytest.mark.parametrize("role", ROLES)
def test_the_menu_and_the_pages_follow_the_role(prepared: Path, store: Store, role: Role) -> None:
    people.add(store, Person("ben", "ben", role, "active"), by="test")
    menu = {entry.name for _, entries in frame.MENU for entry in entries} & set(PAGES) - {"home"}
    linked = {link.proto.page for link in opened("home", **{"as": "ben"}).get("page_link")}
    assert menu & linked == {name for name in menu if permissions.allows(role, name)}
    for name in PAGES:
        if permissions.needed(name) != "annotator":
            refused = "This page is for" in texts(opened(name, **{"as": "ben"}))
            assert refused != permissions.allows(role, name)


def test_what_an_annotator_may_not_press_is_not_there(prepared: Path, store: Store) -> None:
    people.add(store, Person("ben", "ben", "annotator", "active"), by="test")
    labels = [button.label for button in opened("versions", **{"as": "ben"}).button]
    assert not {"Freeze", "Freeze the original", "Export"} & set(labels)
    assert "Freeze the original" in [button.label for button in opened("versions", **{"as": "ana"}).button]


def test_a_button_that_was_drawn_before_does_nothing_after_the_role_is_gone(prepared: Path, store: Store) -> None:
    app = opened("versions", **{"as": "ana"})
    people.add(store, Person("olga", "Olga", "owner", "active"), by="test")
    people.set_role(store, "ana", "annotator", by="olga")
    (button,) = [button for button in app.button if button.label == "Freeze the original"]
    button.click().run()
    from curation.store import versions

    assert versions.listed(store) == []
    assert any("it is for owners" in toast.value.replace("\\", "") for toast in app.toast)


def test_a_verdict_of_somebody_sent_away_is_not_stored(prepared: Path, store: Store) -> None:
    from curation.store import decisions

    app = opened("coarse", **{"as": "ben", "plain": "1"})
    people.set_state(store, "ben", "inactive", by="ana", checked=False)
    next(button for button in app.button if "Coarse" in button.label).click().run()
    assert decisions.last_of(store, "ben") is None
    assert "You do not work here at the moment" in texts(app)


def test_nothing_of_the_former_person_is_left_in_the_tab(prepared: Path, store: Store) -> None:
    app = opened("coarse", **{"as": "ben", "plain": "1"})
    app.session_state["frozen"] = "what ben did"
    next(button for button in app.button if "Coarse" in button.label).click().run()
    (undo,) = [button for button in app.button if button.label.startswith("Undo")]
    assert not undo.disabled and "frozen" in app.session_state
    app.query_params["as"] = "cora"
    app.run()
    assert "frozen" not in app.session_state
    (undo,) = [button for button in app.button if button.label.startswith("Undo")]
    assert undo.disabled, "the verdict to take back was ben's"


def test_half_a_configuration_of_sign_in_names_what_is_missing(prepared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(monkeypatch, {})
    monkeypatch.delenv("REGRAIN_OIDC_CLIENT_SECRET")
    with pytest.raises(SystemExit, match=r"set REGRAIN_OIDC_CLIENT_SECRET as well"):
        sign_in.secrets_or_exit()
    app = opened("coarse")
    assert "Regrain is not open at the moment" in texts(app)
    assert "a ball" not in everything(app)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("REGRAIN_OIDC_METADATA_URL", "http://idp.example/", "https://"),
        ("REGRAIN_OIDC_REDIRECT_URI", "https://regrain.lab.example/", "/oauth2callback"),
        ("REGRAIN_OIDC_COOKIE_SECRET", "short-and-sweet", "32 characters"),
    ],
)
def test_an_unsafe_configuration_is_refused_without_its_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    configure(monkeypatch, {})
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as refused:
        sign_in.secrets_or_exit()
    assert name in str(refused.value) and words in str(refused.value) and value not in str(refused.value)


ANA = {"is_logged_in": True, "email": "Ana@Lab.example", "email_verified": True, "name": "Ana Ünal"}


def test_the_owner_of_the_environment_is_let_in_and_an_invited_person_becomes_active(
    prepared: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(monkeypatch, ANA)
    monkeypatch.setenv("REGRAIN_OWNERS", "other@lab.example, ANA@lab.example")
    app = opened("home", **{"as": "somebody else"})
    assert "Twelve scenes" in texts(app) and "Ana Ünal" in texts(app)
    assert "as" not in app.query_params
    assert people.get(store, "ana@lab.example") == Person("ana@lab.example", "Ana Ünal", "owner", "active")
    people.invite(store, "ben@lab.example", "adjudicator", by="ana@lab.example")
    claims(monkeypatch, {"is_logged_in": True, "email": "BEN@lab.example", "name": "Ben"})
    assert "Twelve scenes" in texts(opened("home"))
    assert people.get(store, "ben@lab.example") == Person("ben@lab.example", "Ben", "adjudicator", "active")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (ANA, "You are not on this team"),
        ({**ANA, "email_verified": False}, "has not verified"),
        ({**ANA, "email_verified": "false"}, "has not verified"),
        ({**ANA, "email": None}, "has no usable"),
        ({**ANA, "email": "a\u202eb@lab.example"}, "has no usable"),
        ({**ANA, "is_logged_in": False}, "Sign in to work here"),
        ({"email": "ana@lab.example"}, "Sign in to work here"),
        ({**ANA, "email": "away@lab.example"}, "You do not work here at the moment"),
    ],
)
@pytest.mark.parametrize("name", ["home", "coarse"])
def test_whoever_is_not_on_the_team_sees_nothing(
    prepared: Path, store: Store, monkeypatch: pytest.MonkeyPatch, given: dict[str, object], said: str, name: str
) -> None:
    people.add(store, Person("away@lab.example", "Away", "owner", "inactive"), by="test")
    monkeypatch.setenv("REGRAIN_OWNERS", "")
    configure(monkeypatch, given)
    app = opened(name, plain="1")
    assert said in texts(app)
    for secret in (*SECRETS, str(prepared)):
        assert secret not in everything(app)


def test_a_closed_workspace_tells_strangers_nothing(
    tmp_path: Path, no_background: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "a secret folder"
    secret.mkdir()
    (secret / "curation.duckdb").write_bytes(b"broken")
    monkeypatch.setenv("REGRAIN_WORKSPACE", str(secret))
    for arrival, given in ((ELSEWHERE, None), (HERE, ANA)):
        comes(monkeypatch, arrival)
        if given:
            configure(monkeypatch, given)
        app = opened("coarse")
        assert "Regrain is not open at the moment" in texts(app)
        assert "a secret folder" not in everything(app)


def configure(monkeypatch: pytest.MonkeyPatch, given: dict[str, object]) -> None:
    """Configure sign-in with a provider that nobody asks, and let the visitors come with these claims."""
    for name in sign_in.VARIABLES:
        monkeypatch.setenv(name, f"https://{name.lower().replace('_', '-')}.example/oauth2callback")
    claims(monkeypatch, given)


def claims(monkeypatch: pytest.MonkeyPatch, given: dict[str, object]) -> None:
    """Let the visitors of this test come with these claims."""
    who = sign_in.who
    real = getattr(who, "real", who)

    def patched(claims: object = None) -> object:
        return real(given)

    patched.real = real  # type: ignore[attr-defined]
    monkeypatch.setattr(sign_in, "who", patched)
