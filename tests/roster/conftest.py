"""Workbooks read as small ones are, and as big ones are."""

from __future__ import annotations

import pytest

from pipeline.roster import peek


@pytest.fixture(params=["one by one", "all at once"])
def reading(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read every .xlsx cell by cell, then as if its sheets were long."""
    if request.param == "all at once":
        monkeypatch.setattr(peek, "_LARGE", 0)
