"""Copies of the workbooks with what was found in them: coloured cells, notes, and a list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from pipeline.errors import OutputError
from pipeline.files import write_atomic
from pipeline.model import Finding, Source
from pipeline.report import words
from pipeline.report.xlsx import (
    Book,
    Grid,
    Line,
    Mark,
    Place,
    Strange,
    address,
    is_ours,
    is_xlsx,
    number,
    values,
)

LIST = "检查发现"
COLOURS = {"error": "FF7C80", "warning": "FFC000", "info": "D9D9D9"}
_RANK = list(COLOURS)


def annotate(
    folder: Path,
    findings: Sequence[Finding],
    into: Path,
    grids: Callable[[Path], Iterable[Grid]],
) -> tuple[Path, ...]:
    """Write a marked copy of every workbook something was found in.

    An .xlsx keeps all it has; of other formats the values come back, as .xlsx.

    Args:
        folder: the snapshot the findings are of; findings in other files are left out.
        findings: what was found; the worst one of a cell gives its colour.
        into: where the copies go.
        grids: reads the sheets of a file that isn't .xlsx.

    Returns:
        The copies, in the order of the workbooks' names.

    Raises:
        OutputError: when a copy can't be made or written, or would replace a file that isn't one
            of our copies. Nothing is written then.
    """
    found: dict[str, list[Finding]] = defaultdict(list)
    for one in sorted(findings, key=lambda one: _RANK.index(one.severity)):
        if one.source.file and (folder / one.source.file).is_file():
            found[one.source.file].append(one)
    copies: dict[Path, bytes] = {}
    try:
        if into.exists() and into.samefile(folder):
            raise OutputError("标注的副本不能写进名册文件夹", where=str(into), todo="换一个文件夹")
        for name in sorted(found):
            ending, data = _marked(folder / name, found[name], grids)
            taken = {*copies, *(into / other.name for other in folder.iterdir())}
            target = _target(into, name, ending, taken)
            _refuse(target, data)
            copies[target] = data
        for path, data in copies.items():
            write_atomic(path, data)
    except OSError as error:
        raise OutputError(f"写不了：{error}", where=str(into), todo="检查路径和权限") from error
    return tuple(copies)


def _marked(
    path: Path, findings: Sequence[Finding], grids: Callable[[Path], Iterable[Grid]]
) -> tuple[str, bytes]:
    """Return the ending and the bytes of a marked copy."""
    data = path.read_bytes()
    try:
        book, names = _open(path, data, grids)
        for sheet, there in _by_sheet(findings).items():
            if names.get(sheet, sheet) in book.sheets:
                _mark(book, names.get(sheet, sheet), there)
        book.add_list(LIST, [_line(one, names, book.sheets) for one in findings])
        ending = ".xlsm" if book.macros else ".xlsx"
        return ending, book.packed()
    except (Strange, ValueError) as error:
        raise OutputError(
            f"标注不了这个工作簿（{error}）",
            where=path.name,
            todo="在 Excel 或 WPS 里打开，另存为 .xlsx 后再检查",
        ) from error


def _open(
    path: Path, data: bytes, grids: Callable[[Path], Iterable[Grid]]
) -> tuple[Book, Mapping[str, str]]:
    """Open a workbook, or one with its values; and its sheets' names where they had to change."""
    if is_xlsx(data):
        return Book(data), {}
    plain, names = values(grids(path))
    return Book(plain), names


def _by_sheet(findings: Sequence[Finding]) -> dict[str, dict[Place, list[Finding]]]:
    """Group the findings that have a row; column 0 stands for the whole row."""
    sheets: dict[str, dict[Place, list[Finding]]] = {}
    for one in findings:
        at = one.source
        if at.row:
            place = at.row, number(at.column)
            sheets.setdefault(at.sheet, {}).setdefault(place, []).append(one)
    return sheets


def _mark(book: Book, sheet: str, found: Mapping[Place, Sequence[Finding]]) -> None:
    cells = book.cells(sheet, found)
    shown: dict[Place, list[Finding]] = defaultdict(list)
    for place, there in found.items():
        shown[cells.shown(place)] += there
    book.mark(sheet, cells, {place: _of_cell(there) for place, there in shown.items()})


def _of_cell(findings: Sequence[Finding]) -> Mark:
    ranked = sorted(findings, key=lambda one: _RANK.index(one.severity))
    return Mark(colour=COLOURS[ranked[0].severity], note="\n\n".join(map(_note, ranked)))


def _note(finding: Finding) -> str:
    severity = words.SEVERITIES[finding.severity]
    return f"{severity} {finding.code}：{words.sentence(finding)}\n请{words.todo(finding)}"


def _line(finding: Finding, names: Mapping[str, str], sheets: Collection[str]) -> Line:
    at = finding.source
    sheet = names.get(at.sheet, at.sheet)
    return Line(
        words=(
            finding.code,
            words.SEVERITIES[finding.severity],
            at.sheet,
            words.cell(at) or (f"{at.column}列" if at.column else ""),
            words.sentence(finding),
            words.todo(finding),
            words.basis(finding),
        ),
        colour=COLOURS[finding.severity],
        target=(sheet, _address(at)) if sheet in sheets else None,
    )


def _address(at: Source) -> str:
    return address((at.row or 1, number(at.column) or 1))


def _target(into: Path, name: str, ending: str, taken: Collection[Path]) -> Path:
    """Return where a copy goes: under its own name, with an ending that says what it is."""
    if Path(name).suffix.lower() == ending:
        return into / name
    usual = into / f"{Path(name).stem}{ending}"
    return into / f"{name}{ending}" if usual in taken else usual


def _refuse(target: Path, data: bytes) -> None:
    """Keep what stands there if it isn't a copy of ours, or somebody has worked in it."""
    if not target.exists():
        return
    there = target.read_bytes() if target.is_file() else b""
    if there != data and not is_ours(there):
        raise OutputError(
            "那里已有别的文件，不覆盖",
            where=str(target),
            todo="换一个文件夹，或先把它移走",
        )


def clean(files: Iterable[str], findings: Sequence[Finding]) -> Iterator[str]:
    """Yield the files nothing was found in."""
    bad = {one.source.file for one in findings}
    yield from (name for name in files if name not in bad)
