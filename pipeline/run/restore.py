"""Bring a version back: its files byte for byte, or made again from its context."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pipeline import convert, files, render
from pipeline.config import Workspace
from pipeline.errors import HistoryError, JuanzongError, OutputError, SchemeError, UsageError
from pipeline.history import History
from pipeline.model import ENGINES, DocumentKind, Version
from pipeline.run.past import find, open_history
from pipeline.schemes import read_kinds


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was brought back."""

    version: Version
    paths: tuple[Path, ...]
    rebuilt: bool


def restore(
    workspace: Workspace, scheme: str, ref: str, into: Path, *, rebuild: bool = False
) -> Restored:
    """Write the files of a version into a folder, with its context.

    Args:
        workspace: where.
        scheme: which scheme.
        ref: see `past.find`.
        into: the folder; what lies there and says something else is not overwritten.
        rebuild: make the files again from the context, and prove them equal to the recorded ones.

    Raises:
        UsageError: when there is no such version, or one that can't be made again.
        HistoryError: when bytes are missing, damaged, or come out different.
        OutputError: when the folder can't be written.
    """
    with open_history(workspace, scheme, "history restore") as history:
        version = find(history, workspace, scheme, ref)
        if rebuild:
            found = _rebuilt(workspace, history, version)
        else:
            found = {
                entry.path: history.file(version, _ending(entry.path)) for entry in version.files
            }
        context = files.canonical(history.context(version))
    named = {PurePosixPath(path).name: data for path, data in found.items()}
    paths = [_write(into / name, data) for name, data in {**named, "context.json": context}.items()]
    return Restored(version=version, paths=tuple(paths), rebuilt=rebuild)


def _rebuilt(workspace: Workspace, history: History, version: Version) -> dict[str, bytes]:
    if version.origin != "made":
        raise UsageError(
            f"{version.title}第{version.number}版不是由模板制作的，不能重做", todo="去掉 --rebuild"
        )
    roots = {engine: workspace.template_roots(engine) for engine in ENGINES}
    kind = read_kinds(roots).get(version.kind)
    if kind is None:
        raise SchemeError(f"没有文种“{version.kind}”的模板", todo="找回当时的模板")
    made = _printed(kind, roots[kind.engine], version, history)
    for entry in version.files:
        if files.digest(made[_ending(entry.path)]) != entry.sha256:
            raise HistoryError(
                f"重做的 {entry.path} 与记录的不同{_cause(kind, roots[kind.engine], version)}",
                todo="去掉 --rebuild，取存着的原件",
            )
    return {entry.path: made[_ending(entry.path)] for entry in version.files}


def _printed(
    kind: DocumentKind, roots: tuple[Path, ...], version: Version, history: History
) -> dict[str, bytes]:
    context = history.context(version)
    if kind.engine == "html":
        return {"pdf": _coded(render.render_html(roots, kind.id, context), version)}
    stamp = {"document": version.document, "version": version.digest[:10]}
    docx = render.render_docx(kind.folder / "template.docx", context, stamp)
    [pdf] = convert.to_pdf([docx])
    if isinstance(pdf, JuanzongError):
        raise pdf
    return {"docx": docx, "pdf": _coded(pdf, version)}


def _coded(pdf: bytes, version: Version) -> bytes:
    """Print the codes on the pages again, for papers that are to be signed."""
    return render.stamp_codes(pdf, version.codes) if version.codes else pdf


def _cause(kind: DocumentKind, roots: tuple[Path, ...], version: Version) -> str:
    """Say which of the two things that bytes depend on has changed since."""
    if render.template_digest(kind, roots) != version.template:
        return "：模板已改过"
    more = (convert.office_version(),) if kind.engine == "docx" else ()
    if render.engine_digest(kind.engine, *more) != version.engine:
        return "：排版程序或字体已换过"
    return "，而模板和排版程序都没有变"


def _ending(path: str) -> str:
    return path.rpartition(".")[2]


def _write(path: Path, data: bytes) -> Path:
    try:
        if path.exists() and path.read_bytes() != data:
            raise OutputError("已有同名而内容不同的文件", where=str(path), todo="换一个文件夹")
        files.write_atomic(path, data)
    except OSError as error:
        raise OutputError(
            f"写不了：{error.strerror or error}", where=str(path), todo="检查文件夹和权限"
        ) from error
    return path
