"""The shell: help, start-up, exit codes, documents that tell the truth."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from pipeline import __version__
from pipeline.cli.main import cli
from pipeline.errors import ExitCode

ROOT = Path(__file__).parents[2]


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pipeline", *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )


def commands(group: click.Group = cli, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found += commands(command, (*path, name))
        found.append((*path, name))
    return found


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from pipeline.cli.main import cli; "
        "heavy = {'pandas', 'weasyprint', 'docxtpl', 'pikepdf', 'pydantic', 'rich'}; "
        "sys.exit(len(heavy & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_version_and_help_answer() -> None:
    assert run("--version").stdout.strip() == f"卷宗 juanzong {__version__}"
    assert "每村一卷" in run("--help").stdout


@pytest.mark.parametrize("path", commands(), ids=" ".join)
def test_every_command_says_what_it_is_for(path: tuple[str, ...]) -> None:
    command: click.Command = cli
    for name in path:
        assert isinstance(command, click.Group)
        command = command.commands[name]
    assert command.help
    for parameter in command.params:
        if (
            isinstance(parameter, click.Option)
            and not parameter.hidden
            and parameter.name != "help"
        ):
            assert parameter.help, (path, parameter.name)


@pytest.mark.parametrize("document", ["README.md", "README.zh.md"])
@pytest.mark.parametrize("path", commands(), ids=" ".join)
def test_every_command_is_in_the_readme(document: str, path: tuple[str, ...]) -> None:
    assert path[-1] in (ROOT / document).read_text(encoding="utf-8")


def test_the_exit_codes_of_the_readme_are_those_of_the_program() -> None:
    words = (ROOT / "README.md").read_text(encoding="utf-8")
    for code in ExitCode:
        assert f"| {int(code)} |" in words


def test_a_wrong_option_is_a_matter_of_usage() -> None:
    assert run("plan", "huadu-2016", "--nonsense").returncode == ExitCode.USAGE


def test_a_folder_that_is_no_workspace_says_what_to_do(tmp_path: Path) -> None:
    done = run("check", "huadu-2016", "-C", str(tmp_path))
    assert done.returncode == ExitCode.SCHEME
    assert "juanzong init" in done.stderr
    assert "Traceback" not in done.stderr


def test_init_makes_a_workspace_that_checks_clean(tmp_path: Path) -> None:
    assert run("init", str(tmp_path / "w")).returncode == 0
    done = run("check", "huadu-2016", "-C", str(tmp_path / "w"))
    assert done.returncode == 0
    assert "没有发现问题" in done.stdout
    assert run("init", str(tmp_path / "w")).returncode == ExitCode.OUTPUT


def test_sample_writes_the_same_bytes_for_the_same_seed(tmp_path: Path) -> None:
    for name in ("a", "b"):
        done = run(
            "sample", "huadu-2016", "-o", str(tmp_path / name), "--households", "12", "--seed", "3"
        )
        assert done.returncode == 0, done.stderr
    books = sorted((tmp_path / "a").rglob("*.xlsx"))
    assert len(books) == 4
    for book in books:
        assert book.read_bytes() == (tmp_path / "b" / book.relative_to(tmp_path / "a")).read_bytes()


def test_the_sample_rosters_in_the_workspace_are_what_sample_makes(tmp_path: Path) -> None:
    run("sample", "huadu-2016", "-o", str(tmp_path))
    for book in sorted(tmp_path.rglob("*.xlsx")):
        kept = ROOT / "inputs/huadu-2016" / book.relative_to(tmp_path)
        assert book.read_bytes() == kept.read_bytes(), book.name


def test_doctor_finds_nothing_missing_here() -> None:
    done = run("doctor")
    assert done.returncode == 0, done.stdout


def test_the_generated_parts_of_the_documents_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, "docs/generate.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr


def test_architecture_stays_short() -> None:
    assert len((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").splitlines()) <= 120
