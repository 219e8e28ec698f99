"""Adopt: a docx edited by hand becomes a version of its own, never silently printed anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline import convert, dossier, files, render
from pipeline.config import Workspace
from pipeline.errors import JuanzongError, PaperError, SchemeError, UsageError
from pipeline.history import History, NewFile, NewVersion
from pipeline.model import ENGINES, ISSUE, Skipped, Version
from pipeline.plan import leaves
from pipeline.run.make import check, coded
from pipeline.run.papers import DRAFT
from pipeline.run.past import open_history, working
from pipeline.schemes import read_kinds, read_scheme


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """A figure that no longer stands in the text as often as it did, and what it may be."""

    printed: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """What was taken in, and what was not."""

    versions: tuple[tuple[Version, tuple[Lost, ...]], ...]
    skipped: tuple[Skipped, ...]


def adopt(
    workspace: Workspace,
    paths: Sequence[Path],
    *,
    reason: str,
    at: str,
    by: str,
    agreed: Callable[[Path, Version, Sequence[Lost]], bool],
) -> Adopted:
    """Take edited docx in, each as the next version of its document; one bad file costs itself.

    Args:
        workspace: the scheme is found by the version each file bears.
        paths: the files.
        reason: why they were edited.
        at: when, UTC, RFC 3339.
        by: who.
        agreed: asked when figures are gone or changed; says whether to take the file in all the
            same.

    Raises:
        HistoryError: when a store refuses.
    """
    adopted: list[tuple[Version, tuple[Lost, ...]]] = []
    skipped: list[Skipped] = []
    for path in paths:
        try:
            adopted.append(_one(workspace, path, reason=reason, at=at, by=by, agreed=agreed))
        except (PaperError, UsageError, SchemeError, JuanzongError) as error:
            if error.exit_code == error.exit_code.HISTORY:
                raise
            skipped.append(Skipped(document=str(path), title=path.name, reason=str(error)))
    return Adopted(versions=tuple(adopted), skipped=tuple(skipped))


def _one(
    workspace: Workspace,
    path: Path,
    *,
    reason: str,
    at: str,
    by: str,
    agreed: Callable[[Path, Version, Sequence[Lost]], bool],
) -> tuple[Version, tuple[Lost, ...]]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise PaperError(f"打不开（{error.strerror}）", where=str(path), todo="检查路径") from error
    returned = render.read_docx(data, path.name)
    scheme = _scheme(workspace, returned)
    subject = returned.document.split("/")[1]
    with working(workspace, scheme, "adopt", subjects={subject}, at=at) as history:
        parent = _parent(history, returned)
        newest = history.latest([parent.document])[parent.document]
        if newest.digest == _digest(parent, data):
            # A run that died recorded it, and didn't come to put it out.
            _put_out(workspace.outputs(scheme), newest, history, data)
            return newest, ()
        if any(entry.sha256 == files.digest(data) for entry in parent.files):
            history.publish([newest])
            raise UsageError("与制作的一字不差，没有改过", where=path.name, todo="改了再收回")
        missing = tuple(_lost(history, parent, returned))
        if missing and not agreed(path, parent, missing):
            told = "；".join(f"{one.printed}（{'、'.join(one.labels)}）" for one in missing)
            raise UsageError(
                f"有数字在正文里找不到了：{told}", where=path.name, todo="核对后加 --yes 收回"
            )
        new = _printed(workspace, scheme, history, parent, returned, data)
        note = f"{reason}（收到 {path.name}，指纹 {files.digest(data)[:16]}）"
        [version] = history.record([new], at=at, operator=by, reason=note, what="adopted")
        _put_out(workspace.outputs(scheme), version, history, data)
    return version, missing


def _scheme(workspace: Workspace, returned: render.Returned) -> str:
    """Return the scheme whose history knows the version a file bears."""
    for scheme in workspace.schemes():
        if (workspace.outputs(scheme) / "store").is_dir():
            with open_history(workspace, scheme, "adopt") as history:
                if _versions(history, returned):
                    return scheme
    raise UsageError(
        f"历史里没有 {returned.document} 的版本 {returned.version}",
        where=str(workspace.root),
        todo="在制作这份文书的工作区里收回",
    )


def _versions(history: History, returned: render.Returned) -> list[Version]:
    return [
        version
        for version in history.versions(document=returned.document)
        if returned.version and version.digest.startswith(returned.version)
    ]


def _parent(history: History, returned: render.Returned) -> Version:
    parent = _versions(history, returned)[-1]
    life = history.lives([parent.document])[parent.document]
    if life.state(parent) != "draft":
        raise UsageError(
            f"{parent.title}第{parent.number}版已经印发，印发的文书不再改动",
            todo="数据有误的先改名册再 juanzong make，文字有误的先 juanzong withdraw",
        )
    return parent


def _lost(history: History, parent: Version, returned: render.Returned) -> Iterator[Lost]:
    before = render.read_docx(history.file(parent, "docx"), parent.title).text
    context = history.context(parent)
    context.pop(ISSUE, None)
    figures = {path: (label, value) for path, label, value in leaves(context)}
    gone = render.lost({path: value for path, (_, value) in figures.items()}, before, returned.text)
    for printed, paths in gone.items():
        labels = dict.fromkeys(figures[path][0] for path in paths)
        yield Lost(printed=printed, labels=tuple(labels))


def _printed(
    workspace: Workspace,
    scheme: str,
    history: History,
    parent: Version,
    returned: render.Returned,
    data: bytes,
) -> NewVersion:
    """Return the version to be recorded: stamped with its own id, converted and measured."""
    roots = {engine: workspace.template_roots(engine) for engine in ENGINES}
    kind = read_kinds(roots).get(parent.kind)
    if kind is None:
        raise SchemeError(f"没有文种“{parent.kind}”", todo="找回它的模板文件夹")
    context = history.context(parent)
    digest = _digest(parent, data)
    docx = render.stamped_again(returned, context, digest[:10])
    [pdf] = convert.to_pdf([docx])
    if isinstance(pdf, JuanzongError):
        raise pdf
    pdf, codes = coded(pdf, kind, scheme, parent.document, digest)
    sample = read_scheme(workspace.scheme_folder(scheme)).sample
    check(pdf, kind, sample=sample, as_of=parent.as_of)
    standing = history.lives([parent.document])[parent.document].standing
    stem = parent.files[0].path.rpartition(".")[0]
    if standing and not stem.endswith(DRAFT):
        stem += DRAFT
    return NewVersion(
        document=parent.document,
        title=parent.title,
        kind=parent.kind,
        level=parent.level,
        subject=parent.subject,
        period=parent.period,
        origin="edited",
        digest=digest,
        context=context,
        template=parent.template,
        engine=parent.engine,
        snapshot=parent.snapshot,
        as_of=parent.as_of,
        pages=dossier.page_count(pdf),
        files=(NewFile(path=f"{stem}.docx", data=docx), NewFile(path=f"{stem}.pdf", data=pdf)),
        because="edited",
        codes=codes,
        supersedes=standing.manifest if standing else "",
        base=parent.manifest,
    )


def _digest(parent: Version, data: bytes) -> str:
    """Return the identity of an edited paper: what it was made from, and its bytes as received."""
    return files.digest(files.canonical({"context": parent.context, "docx": files.digest(data)}))


def _put_out(outputs: Path, version: Version, history: History, data: bytes) -> None:
    """Publish; the stamped docx replaces the edited one in the outputs, which is recorded now."""
    for entry in version.files:
        target = outputs / entry.path
        if target.is_file() and files.file_digest(target) == files.digest(data):
            files.write_atomic(target, history.file(version, entry.path.rpartition(".")[2]))
    history.publish([version])
