"""Templates: find their faults, mend their signs, and show each filled with its sample."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline import convert, files, render
from pipeline.config import Workspace
from pipeline.errors import JuanzongError, TemplateError, UsageError, perhaps
from pipeline.measure import measure
from pipeline.model import ENGINES, DocumentKind, TemplateFault
from pipeline.report import mark_words
from pipeline.schemes import read_kinds
from pipeline.spread import spread

_FILE = {"docx": "template.docx", "html": "template.html"}
_SECONDS = 120.0
_PAUSE = 0.5
"""Seconds between two looks at the templates."""
_STAMP = {"document": "样例", "version": "preview"}

_Seen = Mapping[Path, tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Linted:
    """What lint found, in which files, and which files it mended."""

    files: tuple[str, ...]
    faults: tuple[TemplateFault, ...]
    mended: tuple[Path, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """One kind filled with its sample: the files written, and what is wrong with it."""

    kind: str
    title: str
    paths: tuple[Path, ...] = ()
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """One kind and the roots of its engine's templates; crosses to a worker."""

    kind: DocumentKind
    roots: tuple[Path, ...]


def lint_templates(
    workspace: Workspace | None, names: Sequence[str], loose: Sequence[Path], *, fix: bool = False
) -> Linted:
    """Find every fault of the kinds named and of any Word files; if asked, mend signs first.

    Built-in templates outside the workspace are never written to.

    Args:
        workspace: None looks only at the loose files.
        names: ids or titles of kinds; none means all.
        loose: Word files that belong to no kind.
        fix: replace full-width signs in tags.
    """
    works = _works(workspace, names) if workspace else []
    mended: list[Path] = []
    if fix:
        own = [work.kind for work in works if workspace and _owns(workspace, work.kind)]
        paths = [*(kind.folder / _FILE[kind.engine] for kind in own), *loose]
        mended = [path for path in paths if _mend(path)]
    faults: list[TemplateFault] = []
    for work, outcome in spread(_lint, works, jobs=1, seconds=_SECONDS):
        if isinstance(outcome, JuanzongError):
            raise TemplateError(outcome.what, where=work.kind.id, todo="检查这个模板")
        faults += outcome
    for path, outcome in spread(_lint_loose, loose, jobs=1, seconds=_SECONDS):
        if isinstance(outcome, JuanzongError):
            raise TemplateError(outcome.what, where=str(path), todo="检查这个文件")
        faults += outcome
    named = [f"{work.kind.id}/{_FILE[work.kind.engine]}" for work in works]
    once = {(one.code, one.spot, tuple(sorted(one.details.items()))): one for one in faults}
    return Linted(
        files=(*named, *map(str, loose)), faults=tuple(once.values()), mended=tuple(mended)
    )


def preview_templates(
    workspace: Workspace, names: Sequence[str], folder: Path | None = None
) -> Iterator[Preview]:
    """Fill kinds with their samples and write docx, PDF and a picture of each page.

    Args:
        workspace: whose templates, before the built-in ones.
        names: ids or titles of kinds; none means all.
        folder: where to; `outputs/preview` by default.
    """
    into = folder or workspace.root / "outputs" / "preview"
    for work, outcome in spread(_preview, _works(workspace, names), jobs=1, seconds=_SECONDS):
        kind = work.kind
        if isinstance(outcome, JuanzongError):
            yield Preview(kind=kind.id, title=kind.title, fault=str(outcome))
        else:
            made, fault = outcome
            paths = _written(into / kind.id, made)
            yield Preview(kind=kind.id, title=kind.title, paths=paths, fault=fault)


def watch_templates(
    workspace: Workspace, names: Sequence[str], folder: Path | None = None
) -> Iterator[Preview]:
    """Show previews again and again, each time a file of their templates has changed; no end."""
    seen: _Seen = {}
    while True:
        now = _looked(workspace)
        changed = {path for path in {*seen, *now} if seen.get(path) != now.get(path)}
        seen = now
        try:
            if changed:
                touched = _touched(workspace, names, changed)
                yield from preview_templates(workspace, touched, folder) if touched else ()
        except JuanzongError as error:  # a kind.toml half written: say so and go on
            yield Preview(kind="", title="", fault=str(error))
        time.sleep(_PAUSE)


def _works(workspace: Workspace, names: Sequence[str]) -> list[_Work]:
    """Return the kinds of these ids or titles, all there are templates for by default.

    Raises:
        UsageError: for a name no kind has.
    """
    kinds = read_kinds({engine: workspace.template_roots(engine) for engine in ENGINES})
    found: dict[str, DocumentKind] = {}
    for name in names:
        named = {kind.id: kind for kind in kinds.values() if name in {kind.id, kind.title}}
        if not named:
            known = "、".join(f"{kind.title}（{kind.id}）" for kind in kinds.values())
            near = perhaps(name, (kind.title for kind in kinds.values()))
            raise UsageError(f"没有文书种类“{name}”{near}", todo=f"改用：{known}")
        found |= named
    return [
        _Work(kind=kind, roots=workspace.template_roots(kind.engine))
        for kind in (found if names else kinds).values()
    ]


def _owns(workspace: Workspace, kind: DocumentKind) -> bool:
    return kind.folder.resolve().is_relative_to(workspace.root.resolve())


def _mend(path: Path) -> bool:
    mended = render.mended_file(path)
    if mended is None:
        return False
    files.write_atomic(path, mended, mode=path.stat().st_mode & 0o777)
    return True


def _lint(work: _Work) -> list[TemplateFault]:
    return render.lint_kind(work.kind, work.roots)


def _lint_loose(path: Path) -> list[TemplateFault]:
    return render.lint_file(path)


def _preview(work: _Work) -> tuple[dict[str, bytes], str]:
    """Render a kind with its sample; return its files, and what measuring has to say."""
    kind = work.kind
    context = _sample(kind)
    made: dict[str, bytes] = {}
    if kind.engine == "docx":
        made["docx"] = render.render_docx(kind.folder / _FILE["docx"], context, _STAMP)
        pdf = convert.to_pdf([made["docx"]])[0]
    else:
        pdf = render.render_html(work.roots, kind.id, context)
    if isinstance(pdf, JuanzongError):
        raise pdf
    made["pdf"] = pdf
    pages = render.pictures(pdf)
    made |= {f"{number}.png": page for number, page in enumerate(pages, start=1)}
    phones = [str(row.get("phone", "")) for row in context.get("channels", ())]
    marks = measure(
        pdf,
        public=kind.audience == "public",
        sample=True,
        must=tuple(kind.must),
        allowed_phones=phones,
    )
    errors = [mark for mark in marks if mark.severity == "error"]
    said = [mark_words(one.code, one.page, str(one.value), str(one.expected)) for one in errors]
    return {f"{files.safe_name(kind.title)}.{end}": data for end, data in made.items()}, "；".join(
        said
    )


def _sample(kind: DocumentKind) -> dict[str, Any]:
    """Return a kind's sample, which always says that it is one.

    Raises:
        TemplateError: when it has none.
    """
    sample = render.read_sample(kind)
    if sample is None:
        raise TemplateError("没有样例", where=kind.id, todo="在模板旁放一份 sample.json")
    return {**sample, "scheme": {**sample.get("scheme", {}), "sample": True}}


def _written(folder: Path, made: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Write the files of a preview; pages of an earlier, longer one go."""
    for old in folder.glob("*.png"):
        if old.name not in made:
            old.unlink()
    for name, data in made.items():
        files.write_atomic(folder / name, data)
    return tuple(folder / name for name in made)


def _looked(workspace: Workspace) -> _Seen:
    """Return every template file with its time and size."""
    seen: dict[Path, tuple[int, int]] = {}
    for engine in ENGINES:
        for root in workspace.template_roots(engine):
            for path in root.rglob("*"):
                if path.is_file() and not path.name.startswith((".", "~$")):
                    facts = path.stat()
                    seen[path] = (facts.st_mtime_ns, facts.st_size)
    return seen


def _touched(workspace: Workspace, names: Sequence[str], changed: set[Path]) -> list[str]:
    """Return the kinds whose files, or files all kinds of their engine share, have changed."""
    return [
        work.kind.id
        for work in _works(workspace, names)
        if any(
            path.is_relative_to(work.kind.folder.resolve())
            or any(
                path.is_relative_to(root) and path.relative_to(root).parts[0].startswith("_")
                for root in work.roots
            )
            for path in changed
        )
    ]
