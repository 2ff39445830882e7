"""Opening a workspace, and what is left where that fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from curation import session as opening
from curation.records import RegrainError
from curation.session import Session, open_session
from curation.store import Store


def test_where_nobody_can_listen_the_supervisor_stops_before_the_store_closes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[Session] = []
    works_at_close: list[bool] = []

    def refuse(session: Session) -> None:
        begun.append(session)
        raise RegrainError("no socket here")

    def close(store: Store) -> None:
        works_at_close.append(begun[0].supervisor._thread is not None)
        closed(store)

    closed = Store.close
    monkeypatch.setattr(opening, "CommandServer", refuse)
    monkeypatch.setattr(Store, "close", close)
    with pytest.raises(RegrainError, match="no socket here"):
        open_session(tmp_path / "workspace")
    assert works_at_close == [False]
    open_session(tmp_path / "workspace", serve=False).close()  # the file is released
