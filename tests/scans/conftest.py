from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import SCHEME, World
from tests.scans.office import KIND, juanzong


@pytest.fixture(scope="session")
def printed(small: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    """Return a workspace whose letters have been made; not to be changed."""
    root = tmp_path_factory.mktemp("printed") / "w"
    shutil.copytree(small.root, root)
    juanzong(World(root), "make", SCHEME, "--kind", KIND)
    return World(root)


@pytest.fixture
def office(printed: World, tmp_path: Path) -> World:
    """Return a copy of it that a test may change."""
    shutil.copytree(printed.root, tmp_path / "w")
    return World(tmp_path / "w")
