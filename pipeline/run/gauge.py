"""Gauge: anybody's PDFs against GB/T 9704, each in a process of its own with limits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline import measure
from pipeline.errors import JuanzongError, PaperError
from pipeline.model import Box, Measured
from pipeline.spread import spread

SECONDS = 300.0
"""Longest a file may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauging:
    """A file to be read, and how."""

    path: Path
    public: bool
    exempt: tuple[Box, ...]
    drawn: bool
    """With the pages and what is wrong on them."""


def gauge(
    paths: Sequence[Path],
    *,
    public: bool = False,
    exempt: Sequence[Box] = (),
    drawn: bool = False,
    jobs: int = 1,
) -> Iterator[tuple[Path, Measured | PaperError, bytes]]:
    """Yield each file with its reading, or why there is none, and its marked pages if `drawn`."""
    tasks = [Gauging(path=path, public=public, exempt=tuple(exempt), drawn=drawn) for path in paths]
    for task, result in spread(_gauge, tasks, jobs=jobs, seconds=SECONDS):
        if isinstance(result, PaperError):
            yield task.path, result, b""
        elif isinstance(result, JuanzongError):  # it hung, died or ate memory
            yield (
                task.path,
                PaperError(f"读不出这个 PDF（{result.what}）", todo="另存一份再试"),
                b"",
            )
        else:
            yield task.path, *result


def archival(paths: Sequence[Path]) -> tuple[measure.Archival, ...]:
    """Ask veraPDF whether files are the PDF/A they claim to be.

    Raises:
        PaperError: for a file that can't be opened.
        ToolError: when veraPDF or Java is missing or fails.
    """
    try:
        pdfs = [path.read_bytes() for path in paths]
    except OSError as error:
        raise PaperError(f"打不开（{error.strerror}）", where=str(error.filename)) from error
    return measure.measure_pdfa(pdfs)


def _gauge(task: Gauging) -> tuple[Measured, bytes]:
    """Read one file; runs in a worker."""
    try:
        size = task.path.stat().st_size
        if size > measure.SIZE:
            raise PaperError(f"大于 {measure.SIZE >> 20} MB", todo="拆成几个文件再测")
        pdf = task.path.read_bytes()
    except OSError as error:
        raise PaperError(f"打不开（{error.strerror}）", todo="检查文件名和权限") from error
    measured = measure.gauge(pdf, name=task.path.stem, public=task.public, exempt_boxes=task.exempt)
    return measured, measure.overlay(pdf, measured) if task.drawn else b""
