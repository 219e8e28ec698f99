"""Write the parts of the documents that repeat the program: the table of commands."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import click

from pipeline.cli.main import cli

ROOT = Path(__file__).parent.parent
DOCUMENTS = (ROOT / "README.md", ROOT / "README.zh.md")
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


def main() -> None:
    """Write the documents; with `--check`, only say whether they are as they should be."""
    stale = [
        path for path in DOCUMENTS if generated(path.read_text("utf-8")) != path.read_text("utf-8")
    ]
    if "--check" in sys.argv:
        sys.exit(f"不是最新：{', '.join(path.name for path in stale)}" if stale else 0)
    for path in stale:
        path.write_text(generated(path.read_text("utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
