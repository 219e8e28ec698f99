"""A door gives what the eager import would have given, and no more than was asked for is loaded."""

from __future__ import annotations

import ast
import pkgutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

DOORS = ("pipeline.model", "pipeline.plan", "pipeline.history", "pipeline.report.as_json")


@pytest.mark.parametrize("name", DOORS)
def test_each_name_of_a_door_is_what_its_module_calls_so(name: str) -> None:
    package = import_module(name)
    for module in pkgutil.iter_modules(package.__path__):
        import_module(f"{name}.{module.name}")
    lines = ast.walk(ast.parse(Path(str(package.__file__)).read_text(encoding="utf-8")))
    homes = {
        one.name: line.module
        for line in lines
        if isinstance(line, ast.ImportFrom) and str(line.module).startswith(name)
        for one in line.names
    }
    assert len(homes) > 15
    for one, home in homes.items():
        found = getattr(package, one)
        assert not isinstance(found, ModuleType), one
        assert found is getattr(import_module(str(home)), one)
    assert set(getattr(package, "__all__", homes)) <= {*homes, *vars(package)}
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = package.no_such_name


def test_a_question_to_the_past_loads_nothing_that_makes_or_reads() -> None:
    asked = "import pipeline.run.ask, pipeline.report.ask, sys; print(*sys.modules)"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    loaded = set(told.stdout.split())
    heavy = {"pandas", "numpy", "lxml", "docxtpl", "pydantic", "pypdfium2", "pikepdf", "fontTools"}
    assert not loaded & heavy
    assert not loaded & {f"pipeline.{room}" for room in ("roster", "facts", "schemes", "measure")}
    assert "pipeline.plan.parts" not in loaded
