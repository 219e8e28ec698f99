"""Scan: signed paper comes back, and each page is filed with the version that was printed."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from pipeline import files, scans
from pipeline.config import Workspace
from pipeline.errors import HistoryError, JuanzongError, PaperError, UsageError
from pipeline.history import History, NewFile, NewVersion
from pipeline.model import ENGINES, DocumentKind, ScannedPage
from pipeline.report import Progress
from pipeline.run.letters import (
    FOLDER,
    RECEIVED,
    Receipt,
    Scanned,
    original,
    receipts,
    received_bytes,
    settle,
)
from pipeline.schemes import read_kinds
from pipeline.spread import spread

_ENDINGS = {".pdf", ".tif", ".tiff", ".jpg", ".jpeg", ".png", ".heic", ".heif"}
_PAGES_AT_ONCE = 10
_SECONDS = 300.0
_STILL, _PATIENCE = 1.0, 30.0
"""Seconds a file must not have changed, and how long one that does is waited for."""
_NAME = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    store: Path
    boxes: Mapping[str, Any]
    path: Path
    numbers: tuple[int, ...]


def scan(
    workspace: Workspace,
    scheme: str,
    paths: Sequence[Path],
    history: History,
    *,
    jobs: int,
    at: str,
    by: str,
    progress: Progress,
) -> Scanned:
    """Receive files of scans; the same bytes a second time change nothing.

    Raises:
        UsageError: for a path that isn't there.
        HistoryError: when the store can't be read or written.
    """
    kinds = _kinds(workspace)
    received: list[Receipt] = []
    known: list[str] = []
    refused: list[tuple[str, str]] = []
    for path in _listed(paths):
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "received"
            try:
                _still(path)
                shutil.copyfile(path, copy)
                document = f"{RECEIVED}/{files.file_digest(copy)[:_NAME]}"
                if history.latest([document]):
                    known.append(str(path))
                    continue
                pages = _read(workspace.outputs(scheme) / "store", kinds, copy, jobs, progress)
            except (JuanzongError, OSError) as error:
                refused.append((str(path), str(error)))
                continue
            received.append(_receive(history, path.name, copy, pages, at, by))
    history.publish(one.version for one in received)
    return settle(
        workspace, scheme, history, kinds, at=at, by=by, known=known, refused=refused, new=received
    )


def assign(
    workspace: Workspace,
    scheme: str,
    page: str,
    document: str,
    history: History,
    *,
    at: str,
    by: str,
) -> Scanned:
    """File a page that couldn't be read as a person says.

    Args:
        workspace: the workspace.
        scheme: the scheme's id.
        page: `<start of the file's digest>-<page>`, as the inbox names it.
        document: `<document>[@number][#page]`; without a page, the one it is most like.
        history: the scheme's history.
        at: when, UTC.
        by: who says so.

    Raises:
        UsageError: when there is no such page or document, or it can't be seen which page it is.
    """
    kinds = _kinds(workspace)
    receipt, old = _waiting(history, page)
    ref, _, number = document.partition("#")
    version = history.version(ref)
    if number and not (number.isdecimal() and 1 <= int(number) <= version.pages):
        raise UsageError(f"{ref} 没有第 {number} 页", todo=f"写 1 到 {version.pages}")
    wanted = [int(number)] if number else range(1, version.pages + 1)
    pdf = history.file(version, "pdf")
    printed = [scans.Printed(version.manifest, one, pdf, kinds[version.kind].box) for one in wanted]
    with tempfile.TemporaryDirectory() as folder:
        path = original(history, receipt, Path(folder))
        found = scans.place_page(path, old.number, printed)
    if found is None and not number:
        raise UsageError("看不出是第几页", where=page, todo=f"在文书后写明页号，如 {ref}#1")
    new = found or ScannedPage(
        number=old.number, status="filed", version=version.manifest, page=int(number)
    )
    new = replace(new, code=old.code, assigned=by)
    pages = tuple(new if one.number == old.number else one for one in receipt.pages)
    history.record([_changed(history, receipt, pages)], at=at, operator=by, reason="人工认领")
    return settle(workspace, scheme, history, kinds, at=at, by=by)


def _kinds(workspace: Workspace) -> dict[str, DocumentKind]:
    return read_kinds({engine: workspace.template_roots(engine) for engine in ENGINES})


def _listed(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(one for one in path.iterdir() if one.suffix.lower() in _ENDINGS)
        elif path.is_file():
            yield path
        else:
            raise UsageError("没有这个文件", where=str(path), todo="检查路径")


def _still(path: Path) -> None:
    """Wait until a scanner has finished writing.

    Raises:
        PaperError: when it hasn't after half a minute.
    """
    waited = 0.0
    while time.time() - path.stat().st_mtime < _STILL:
        if waited >= _PATIENCE:
            raise PaperError("还在写入", todo="等扫描完成后再运行一次")
        time.sleep(_STILL / 4)
        waited += _STILL / 4


def _read(
    store: Path, kinds: Mapping[str, DocumentKind], path: Path, jobs: int, progress: Progress
) -> list[ScannedPage]:
    boxes = {kind.id: kind.box for kind in kinds.values()}
    numbers = range(1, scans.count_pages(path) + 1)
    works = [
        _Work(
            store=store,
            boxes=boxes,
            path=path,
            numbers=tuple(numbers[start : start + _PAGES_AT_ONCE]),
        )
        for start in range(0, len(numbers), _PAGES_AT_ONCE)
    ]
    outcomes = spread(_do, works, jobs=jobs, seconds=_SECONDS)
    pages: list[ScannedPage] = []
    for _, outcome in progress.watch(outcomes, "辨认扫描件", len(works)):
        if isinstance(outcome, JuanzongError):
            raise outcome
        pages += outcome
    return pages


def _do(work: _Work) -> list[ScannedPage]:
    """Read some pages of a file; runs in a worker."""
    with History.open(work.store, command="scan") as history:
        given: dict[str, scans.Printed | None] = {}

        def ask(code: str) -> scans.Printed | None:
            if code not in given:
                given[code] = _printed(history, code, work.boxes)
            return given[code]

        return scans.read_pages(work.path, work.numbers, ask)


def _printed(history: History, code: str, boxes: Mapping[str, Any]) -> scans.Printed | None:
    version = history.coded([code]).get(code)
    if version is None:
        return None
    number = version.codes.index(code) + 1
    try:
        pdf = history.file(version, "pdf")
    except HistoryError:  # a draft that was given up: one such page mustn't stop a whole pile
        return None
    return scans.Printed(version.manifest, number, pdf, boxes.get(version.kind, ()))


def _receive(
    history: History, name: str, path: Path, pages: Sequence[ScannedPage], at: str, by: str
) -> Receipt:
    data = path.read_bytes()
    digest = files.digest(data)
    context = {"name": name, "sha256": digest, "pages": [asdict(page) for page in pages]}
    (version,) = history.record(
        [
            NewVersion(
                document=f"{RECEIVED}/{digest[:_NAME]}",
                title=f"扫描件 {name}",
                kind=RECEIVED,
                level="county",
                subject=digest[:_NAME],
                period="",
                origin="received",
                digest=files.digest(files.canonical(files.plain(context))),
                context=context,
                template="",
                engine="",
                snapshot="",
                as_of=date.fromisoformat(at[:10]),
                pages=len(pages),
                files=(
                    NewFile(
                        path=f"{FOLDER}/原件/{digest[:_NAME]} {files.safe_name(name)}", data=data
                    ),
                ),
            )
        ],
        at=at,
        operator=by,
    )
    return Receipt(version=version, pages=tuple(pages))


def _changed(history: History, receipt: Receipt, pages: tuple[ScannedPage, ...]) -> NewVersion:
    """Describe a receipt whose pages are understood otherwise; its bytes are what they were."""
    old = receipt.version
    context = {**history.context(old), "pages": [asdict(page) for page in pages]}
    (entry,) = old.files
    return NewVersion(
        document=old.document,
        title=old.title,
        kind=old.kind,
        level=old.level,
        subject=old.subject,
        period=old.period,
        origin=old.origin,
        digest=files.digest(files.canonical(files.plain(context))),
        context=context,
        template="",
        engine="",
        snapshot="",
        as_of=old.as_of,
        pages=old.pages,
        files=(NewFile(path=entry.path, data=received_bytes(history, old)),),
        because="edited",
    )


def _waiting(history: History, page: str) -> tuple[Receipt, ScannedPage]:
    start, _, number = page.rpartition("-")
    found = [one for one in receipts(history) if start and one.name.startswith(start)]
    if len(found) == 1 and number.isdecimal() and 1 <= int(number) <= len(found[0].pages):
        return found[0], found[0].pages[int(number) - 1]
    raise UsageError(f"没有收到过“{page}”这一页", todo="照待认领清单上的编号写，如 3fa29c1b4d5e-2")
