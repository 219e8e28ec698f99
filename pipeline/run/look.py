"""A look at what there is: schemes, and kinds of paper. Nothing is computed."""

from __future__ import annotations

from pipeline.config import Workspace
from pipeline.model import ENGINES, DocumentKind, Scheme
from pipeline.schemes import read_kinds, read_scheme


def schemes(workspace: Workspace) -> tuple[tuple[Scheme, tuple[str, ...]], ...]:
    """Return every scheme of the workspace with the cut-off days of its rosters."""
    return tuple(
        (read_scheme(workspace.scheme_folder(name)), tuple(map(str, workspace.snapshots(name))))
        for name in workspace.schemes()
    )


def scheme(workspace: Workspace, name: str) -> tuple[Scheme, dict[str, DocumentKind]]:
    """Return a scheme, and the kinds there are templates for."""
    return read_scheme(workspace.scheme_folder(name)), _kinds(workspace)


def kinds(workspace: Workspace) -> tuple[DocumentKind, ...]:
    """Return the kinds of paper there are templates for."""
    return tuple(_kinds(workspace).values())


def _kinds(workspace: Workspace) -> dict[str, DocumentKind]:
    return read_kinds({engine: workspace.template_roots(engine) for engine in ENGINES})
