"""Doors of packages that load what is behind them when it is asked for: a question loads little."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any


def door(package: str, source: str) -> Callable[[str], Any]:
    """Return the `__getattr__` of a package whose imports stand under `if TYPE_CHECKING:`.

    No name may be that of a module in the package: there the module would be found.

    Args:
        package: `__name__` of the package.
        source: `__file__` of its `__init__.py`.
    """
    tree = ast.parse(Path(source).read_text(encoding="utf-8"))
    homes = {
        one.name: str(line.module)
        for line in ast.walk(tree)
        if isinstance(line, ast.ImportFrom)
        for one in line.names
    }

    def opened(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        found = getattr(import_module(homes[name]), name)
        setattr(sys.modules[package], name, found)
        return found

    return opened
