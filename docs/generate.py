"""Write what documents repeat of the program: the table of commands, and which papers it makes."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import click

from pipeline.cli.main import cli
from pipeline.config import BUILTIN, Workspace
from pipeline.report import papers
from pipeline.run.look import scheme

ROOT = Path(__file__).parent.parent
DOCUMENTS = (ROOT / "README.md", ROOT / "README.zh.md")
COVERAGE = ROOT / "docs/coverage.md"
_PLACE = re.compile(r"(<!-- commands -->\n).*?(<!-- /commands -->)", re.DOTALL)


def table() -> str:
    """Return the commands and what each is for, as the program itself says."""
    rows = "".join(
        f"| `juanzong {' '.join(path)}` | {command.get_short_help_str(200)} |\n"
        for path, command in commands(cli, ())
    )
    return f"| 命令 | 用途 |\n|---|---|\n{rows}"


def commands(
    group: click.Group, path: tuple[str, ...]
) -> list[tuple[tuple[str, ...], click.Command]]:
    """Return every command that does something, with its words."""
    found: list[tuple[tuple[str, ...], click.Command]] = []
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            asked = [
                part.metavar or "" for part in command.params if isinstance(part, click.Argument)
            ]
            if command.invoke_without_command:
                found.append(((*path, name), command))
            found += commands(command, (*path, name, *asked))
        else:
            found.append(((*path, name), command))
    return found


def generated(text: str) -> str:
    """Return a document with its table of commands as it should be."""
    return _PLACE.sub(lambda place: f"{place[1]}{table()}{place[2]}", text)


def coverage() -> str:
    """Return the table of every paper of every scheme and what we make of it."""
    workspace = Workspace(BUILTIN)
    lines = [
        "# 文书一览",
        "",
        "每个方案要的每份文书：制作（由名册生成）、预填（我们预填，别人填完）、归档（外来，收到后归档）、"
        "未做（还没有模板）。本页由 `docs/generate.py` 从各方案和各种类的清单写出，请勿手改。",
        "",
    ]
    for name in workspace.schemes():
        read, kinds = scheme(workspace, name)
        lines += papers.markdown(read, papers.asked(read, kinds))
    return "\n".join(lines)


def main() -> None:
    """Write the documents; with `--check`, only say whether they are as they should be."""
    wanted = {path: generated(path.read_text("utf-8")) for path in DOCUMENTS}
    wanted[COVERAGE] = coverage()
    stale = [
        path
        for path, text in wanted.items()
        if not path.is_file() or path.read_text("utf-8") != text
    ]
    if "--check" in sys.argv:
        sys.exit(f"不是最新：{', '.join(path.name for path in stale)}" if stale else 0)
    for path in stale:
        path.write_text(wanted[path], encoding="utf-8")


if __name__ == "__main__":
    main()
