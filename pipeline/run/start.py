"""The start: a new workspace, sample rosters, and what is missing on this machine."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline import convert, fonts
from pipeline.config import BUILTIN, Workspace
from pipeline.errors import JuanzongError, OutputError, UsageError
from pipeline.history import History, make_key
from pipeline.model import ENGINES
from pipeline.roster import load_tables
from pipeline.sample import write_sample
from pipeline.schemes import read_kinds, read_scheme

_APT = "apt-get install --no-install-recommends"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One thing the program needs on this machine."""

    what: str
    fine: bool
    found: str
    remedy: str = ""
    """The command that mends it."""


def init(folder: Path, scheme: str) -> tuple[Path, ...]:
    """Make a workspace with one sample scheme and empty folders for templates of its own.

    Raises:
        UsageError: when there is no such built-in scheme.
        OutputError: when the folder already holds something.
    """
    source = BUILTIN / "inputs" / scheme
    if not (source / "scheme.toml").is_file():
        known = "、".join(sorted(path.parent.name for path in BUILTIN.glob("inputs/*/scheme.toml")))
        raise UsageError(f"没有内置方案“{scheme}”", todo=f"改用：{known}")
    if folder.exists() and any(folder.iterdir()):
        raise OutputError("文件夹不是空的", where=str(folder), todo="换一个新文件夹")
    made = [folder / "inputs" / scheme, folder / "templates/docx", folder / "templates/html"]
    shutil.copytree(source, made[0])
    for path in made[1:]:
        path.mkdir(parents=True)
    (folder / "outputs").mkdir(mode=0o700)
    (folder / ".gitignore").write_text("outputs/\n.juanzong/\n", encoding="utf-8")
    make_key(Workspace(folder).keys)
    return (*made, folder / "outputs")


def sample(
    workspace: Workspace,
    scheme: str,
    into: Path,
    *,
    as_of: date | None,
    households: int | None,
    seed: int | None,
) -> tuple[Path, ...]:
    """Write synthetic rosters of a scheme into `<into>/<as_of>/`: the same bytes for the same seed.

    Raises:
        UsageError: when the scheme has no plan for samples.
    """
    read = read_scheme(workspace.scheme_folder(scheme))
    if read.sample_plan is None:
        raise UsageError(
            f"方案“{scheme}”没有样例计划（[sample_plan]）", todo="在 scheme.toml 里补上"
        )
    day = as_of or read.sample_plan.as_of
    folder = into / day.isoformat()
    folder.mkdir(parents=True, exist_ok=True)
    return write_sample(
        read, load_tables(read), folder, as_of=day, households=households, seed=seed
    )


def doctor(workspace: Workspace | None) -> tuple[Checked, ...]:
    """Look at fonts, LibreOffice, templates and the store; say what mends what is missing."""
    return tuple(_checks(workspace))


def _checks(workspace: Workspace | None) -> Iterator[Checked]:
    there = fonts.families()
    for role, (name, package) in _NEEDED.items():
        stack = fonts.ROLES[role]
        have = next((family for family in stack if family in there), "")
        yield Checked(
            what=f"字体·{name}",
            fine=bool(have),
            found=have or "没有",
            remedy="" if have else package,
        )
    rare = [family for family in fonts.RARE if family in there]
    yield Checked(
        what="字体·生僻字",
        fine=len(rare) == len(fonts.RARE),
        found="、".join(rare) or "没有",
        remedy=""
        if len(rare) == len(fonts.RARE)
        else f"{_APT} fonts-lxgw-wenkai fonts-hanazono fonts-babelstone-han fonts-noto-cjk",
    )
    yield _office()
    yield _engine()
    if workspace is not None:
        yield from _workspace(workspace)


_NEEDED = {
    "fangsong": ("仿宋", "make setup（从 texlive-lang-chinese 取 FandolFang）"),
    "title": ("小标宋", f"{_APT} fonts-noto-cjk"),
    "hei": ("黑体", f"{_APT} fonts-noto-cjk"),
    "kai": ("楷体", "make setup（从 texlive-lang-chinese 取 FandolKai）"),
    "song": ("宋体", f"{_APT} fonts-noto-cjk"),
    "latin": ("数字和西文", f"{_APT} fonts-liberation2"),
}


def _office() -> Checked:
    try:
        return Checked(what="LibreOffice", fine=True, found=str(convert.find_office()))
    except JuanzongError as error:
        return Checked(
            what="LibreOffice",
            fine=False,
            found=error.what,
            remedy=f"{_APT} libreoffice-writer-nogui",
        )


def _engine() -> Checked:
    try:
        import weasyprint
    except OSError as error:
        return Checked(
            what="WeasyPrint",
            fine=False,
            found=str(error).splitlines()[0],
            remedy=f"{_APT} libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
        )
    return Checked(what="WeasyPrint", fine=True, found=weasyprint.__version__)


def _store(workspace: Workspace, scheme: str) -> Iterator[Checked]:
    """Look whether the log and the cache of a scheme can be read."""
    folder = workspace.outputs(scheme) / "store"
    if not folder.is_dir():
        return
    try:
        with History.open(folder, command="doctor", keys=workspace.keys) as history:
            events, versions = sum(1 for _ in history.log()), len(history.versions())
    except JuanzongError as error:
        yield Checked(
            what=f"存储·{scheme}",
            fine=False,
            found=error.what,
            remedy=f"juanzong history {scheme} verify",
        )
        return
    yield Checked(what=f"存储·{scheme}", fine=True, found=f"事件 {events}，版本 {versions}")


def _workspace(workspace: Workspace) -> Iterator[Checked]:
    for scheme in workspace.schemes():
        try:
            plan = read_scheme(workspace.scheme_folder(scheme)).sample_plan
            if plan and not plan.stored and not workspace.snapshots(scheme):
                found = f"样例名册（截止 {plan.as_of}）首次使用时生成"
            else:
                found = f"名册截止 {workspace.snapshot_folder(scheme, None)[0]}"
            yield Checked(what=f"方案·{scheme}", fine=True, found=found)
        except JuanzongError as error:
            yield Checked(
                what=f"方案·{scheme}",
                fine=False,
                found=error.what.splitlines()[0],
                remedy=f"juanzong check {scheme}",
            )
        yield from _store(workspace, scheme)
    try:
        kinds = read_kinds({engine: workspace.template_roots(engine) for engine in ENGINES})
        yield Checked(what="模板", fine=bool(kinds), found=f"{len(kinds)} 种")
    except JuanzongError as error:
        yield Checked(
            what="模板", fine=False, found=error.what.splitlines()[0], remedy="改正该文件"
        )
    usage = shutil.disk_usage(workspace.root)
    yield Checked(
        what="磁盘",
        fine=usage.free > 1 << 30,
        found=f"剩余 {usage.free / (1 << 30):.1f} GB",
        remedy="" if usage.free > 1 << 30 else "腾出至少 1 GB",
    )
