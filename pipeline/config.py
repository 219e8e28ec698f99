"""Where a workspace keeps its things, and where the built-in ones lie."""

from __future__ import annotations

import getpass
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline.errors import RosterError, SchemeError, UsageError, perhaps

BUILTIN = next(
    folder
    for folder in (Path(__file__).parent / "_builtin", Path(__file__).parent.parent)
    if (folder / "templates").is_dir()
)
"""Folder that holds the built-in `templates/` and `inputs/`: in the wheel, or the checkout."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """One office's folder: `inputs/`, `templates/` of its own, `outputs/`."""

    root: Path

    def scheme_folder(self, scheme: str) -> Path:
        """Return `inputs/<scheme>`.

        Raises:
            UsageError: when the workspace has no such scheme; names those it has.
        """
        folder = self.root / "inputs" / scheme
        if not (folder / "scheme.toml").is_file():
            known = "、".join(self.schemes()) or "（无）"
            raise UsageError(
                f"没有方案“{scheme}”{perhaps(scheme, self.schemes())}",
                where=str(self.root / "inputs"),
                todo=f"改用已有的方案：{known}；或用 juanzong init 新建工作区",
            )
        return folder

    def schemes(self) -> tuple[str, ...]:
        """Return the ids of the schemes of this workspace."""
        return tuple(path.parent.name for path in sorted(self.root.glob("inputs/*/scheme.toml")))

    def snapshots(self, scheme: str) -> dict[date, Path]:
        """Return the cut-off day and folder of every snapshot of the rosters, oldest first."""
        found = {}
        for path in self.scheme_folder(scheme).iterdir():
            try:
                found[date.fromisoformat(path.name)] = path
            except ValueError:
                continue
        return dict(sorted(found.items()))

    def snapshot_folder(self, scheme: str, as_of: date | None) -> tuple[date, Path]:
        """Return the cut-off day and folder of the rosters: the one asked for, or the newest.

        Raises:
            RosterError: when there is none.
        """
        found = self.snapshots(scheme)
        day = as_of or max(found, default=None)
        if day is None or day not in found:
            known = "、".join(str(day) for day in found) or "（无）"
            raise RosterError(
                f"没有{f'截止 {day} 的' if day else ''}名册",
                where=str(self.scheme_folder(scheme)),
                todo=f"把工作簿放进以截止日期命名的文件夹，如 2016-10-31；现有：{known}",
            )
        return day, found[day]

    def outputs(self, scheme: str) -> Path:
        """Return `outputs/<scheme>`."""
        return self.root / "outputs" / scheme

    @property
    def keys(self) -> Path:
        """Folder of the key that signs checkpoints; not in the outputs, so not in their backups."""
        return self.root / ".juanzong" / "keys"

    def template_roots(self, engine: str) -> tuple[Path, ...]:
        """Return the template folders of an engine: the workspace's own hide the built-in ones."""
        roots = (self.root / "templates" / engine, BUILTIN / "templates" / engine)
        return tuple(dict.fromkeys(root.resolve() for root in roots if root.is_dir()))


def workspace(folder: Path | None) -> Workspace:
    """Open the workspace at a folder, the current one by default.

    Raises:
        SchemeError: when it has no `inputs/`.
    """
    root = (folder or Path.cwd()).resolve()
    if not (root / "inputs").is_dir():
        raise SchemeError(
            "这里不是卷宗工作区（没有 inputs 文件夹）",
            where=str(root),
            todo="换到工作区里再运行，或在命令之后写 -C 工作区文件夹，或用 juanzong init 新建",
        )
    return Workspace(root)


def operator(named: str | None) -> str:
    """Return who acts: `--by`, `JUANZONG_BY`, or the account's name."""
    return named or os.environ.get("JUANZONG_BY") or getpass.getuser()


def named_operator(named: str | None) -> str:
    """Return who answers for a step that binds the office: `--by` or `JUANZONG_BY`.

    Raises:
        UsageError: when neither says a name; an account's name is nobody.
    """
    who = (named or os.environ.get("JUANZONG_BY") or "").strip()
    if not who:
        raise UsageError("这一步要有经办人", todo="加上 --by 姓名，或设环境变量 JUANZONG_BY")
    return who


def jobs(asked: int | None) -> int:
    """Return how many processes to use: as asked, or one for each core."""
    return max(1, asked or len(os.sched_getaffinity(0)))
