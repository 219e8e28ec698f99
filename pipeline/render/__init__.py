"""Fill a template with a context: what enters is plain JSON, what leaves is docx or PDF bytes.

Owns docxtpl, Jinja2 and WeasyPrint; each is imported only when something is rendered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pipeline import files, fonts
from pipeline.errors import FillError
from pipeline.model import DocumentKind, TemplateFault
from pipeline.render.returned import Returned, lost, read_docx, stamped_again

RENDERING = 4
"""Raised when our own rendering changes what a page looks like."""

_LIBRARIES = {
    "html": ("weasyprint", "pydyf", "tinyhtml5", "tinycss2", "jinja2", "fonttools"),
    "docx": ("docxtpl", "jinja2"),
}
_NOT_RENDERED = frozenset({"kind.toml", "sample.json"})


def engine_digest(engine: str, *more: str) -> str:
    """Digest what an engine's bytes depend on: libraries, fonts, our own number, and `more`."""
    facts = [f"{name} {version(name)}" for name in _LIBRARIES[engine]]
    return files.digest(files.canonical([RENDERING, engine, fonts.fonts_digest(), *facts, *more]))


def template_digest(kind: DocumentKind, roots: Sequence[Path]) -> str:
    """Digest a kind's own files and those every kind of its engine shares (folders with `_`)."""
    shared = [folder for root in roots for folder in sorted(root.glob("_*")) if folder.is_dir()]
    tree = files.tree_digest(kind.folder, *shared, leave_out=_NOT_RENDERED)
    if not kind.qr:
        return tree
    from pipeline.render.codes import CODES

    return files.digest(files.canonical([tree, "codes", CODES]))


def render_html(roots: Sequence[Path], kind: str, context: Mapping[str, Any]) -> bytes:
    """Return the PDF of an html kind; see `pipeline.render.html.render`."""
    from pipeline.render.html import render

    return render(roots, kind, context)


def render_docx(
    template: Path, context: Mapping[str, Any], stamp: Mapping[str, str] | None = None
) -> bytes:
    """Return the docx of a docx kind; see `pipeline.render.docx.render`."""
    from pipeline.render.docx import render

    return render(template, context, stamp=stamp)


def prove(kind: DocumentKind, roots: Sequence[Path], context: Mapping[str, Any]) -> None:
    """Fill the template of a kind and throw the result away.

    Raises:
        TemplateError: for a fault that every paper of the kind would stumble over. Values that
            can't be filled are no such fault.
    """
    try:
        if kind.engine == "docx":
            render_docx(kind.folder / "template.docx", context)
        else:
            from pipeline.render.html import fill

            fill(roots, kind.id, context)
    except FillError:
        return


def lint_kind(kind: DocumentKind, roots: Sequence[Path]) -> list[TemplateFault]:
    """Return every fault of a kind's template; see `pipeline.render.lint.lint_kind`."""
    from pipeline.render import lint

    return lint.lint_kind(kind, roots)


def lint_file(path: Path) -> list[TemplateFault]:
    """Return every fault of a Word file of no kind; see `pipeline.render.lint.lint_file`."""
    from pipeline.render import lint

    return lint.lint_file(path)


def mended_file(path: Path) -> bytes | None:
    """Return a template with readable signs in its tags, or None; see `pipeline.render.lint`."""
    from pipeline.render import lint

    return lint.mended_file(path)


def read_sample(kind: DocumentKind) -> dict[str, Any] | None:
    """Return a kind's sample context, if it has one."""
    from pipeline.render.lint.contract import read_sample

    return read_sample(kind)


def stamp_codes(pdf: bytes, codes: Sequence[str]) -> bytes:
    """Return a PDF with a code at the foot of each page; see `pipeline.render.codes`."""
    from pipeline.render.codes import stamp_codes

    return stamp_codes(pdf, codes)


def pictures(pdf: bytes) -> list[bytes]:
    """Return each page of a PDF as PNG."""
    from pipeline.render.picture import pictures

    return pictures(pdf)


__all__ = [
    "Returned",
    "engine_digest",
    "lint_file",
    "lint_kind",
    "lost",
    "mended_file",
    "pictures",
    "prove",
    "read_docx",
    "read_sample",
    "render_docx",
    "render_html",
    "stamp_codes",
    "stamped_again",
    "template_digest",
]
