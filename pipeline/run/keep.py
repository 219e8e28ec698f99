"""Keep the past: examine it, mend its cache, hand it over, take it in, thin it out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from pipeline.config import Workspace
from pipeline.errors import HistoryError, JuanzongError
from pipeline.history import EVERYTHING, Form, History, Pruning, take_in, trust
from pipeline.history import verify as examine
from pipeline.model import Event, Fault, Version
from pipeline.run.past import open_history, working

_VILLAGE = 12
"""Digits of a national village code, with which the code of a household begins."""


def verify(
    workspace: Workspace,
    scheme: str,
    *,
    at: str,
    full: bool = False,
    since: str = "",
    paper: str = "",
    checkpoint: Path | None = None,
) -> tuple[tuple[Fault, ...], Mapping[str, int]]:
    """Examine log, checkpoints, manifests, blobs, outputs and cache against each other.

    A pass that was interrupted is taken up again, unless `full`; see `history.verify`.

    Raises:
        HistoryError: when nothing has been recorded yet.
    """
    outputs = outputs_with_store(workspace, scheme)
    if checkpoint and checkpoint.is_dir():
        checkpoint = max(checkpoint.glob("*.json"), default=checkpoint)
    return examine(
        outputs / "store",
        outputs,
        keys=workspace.keys,
        since=since,
        paper=paper,
        checkpoint=checkpoint,
        resumable="" if full else at,
    )


def outputs_with_store(workspace: Workspace, scheme: str) -> Path:
    """Return the outputs of a scheme.

    Raises:
        HistoryError: when nothing has been recorded there yet.
    """
    workspace.scheme_folder(scheme)
    outputs = workspace.outputs(scheme)
    if not (outputs / "store").is_dir():
        raise HistoryError("还没有历史", where=str(outputs), todo=f"先运行 juanzong make {scheme}")
    return outputs


def head(workspace: Workspace, scheme: str, *, save: Path | None) -> tuple[Event | None, str]:
    """Return the head of the log and how it is printed on paper; copy the newest checkpoint.

    Args:
        workspace: The workspace.
        scheme: The scheme.
        save: Folder for the newest checkpoint and the public key, to be kept elsewhere.
    """
    outputs_with_store(workspace, scheme)
    with open_history(workspace, scheme, "history head") as history:
        if save:
            history.export_checkpoint(save)
        return history.head, history.anchor


def rebuild(workspace: Workspace, scheme: str, *, accept: str, at: str, by: str) -> int:
    """Make the SQL cache again; return how many versions it knows.

    Args:
        workspace: The workspace.
        scheme: The scheme.
        accept: Why the log may go on although it has lost its end; empty to refuse.
        at: When.
        by: Who.

    Raises:
        HistoryError: when the log is damaged, or has lost its end and that isn't accepted.
    """
    outputs_with_store(workspace, scheme)
    with open_history(workspace, scheme, "history rebuild") as history:
        if accept:
            history.accept_loss(at=at, operator=by, reason=accept)
        else:
            history.rebuild()
        return len(history.versions())


def prune(
    workspace: Workspace, scheme: str, *, keep: int, before: str, do: bool, at: str, by: str
) -> Pruning:
    """Return which superseded drafts may go and what that frees; if `do`, give them up.

    What was issued, signed, printed or edited by hand always stays.

    Raises:
        HistoryError: when another run is at work.
    """
    outputs_with_store(workspace, scheme)
    with working(workspace, scheme, "history prune", subjects={EVERYTHING}, at=at) as history:
        plan = history.prune(newest=keep, before=before)
        if do:
            history.give_up(plan, at=at, operator=by, reason=f"清理草稿，各留最新 {keep} 版")
        return plan


def export(workspace: Workspace, scheme: str, into: Path, form: Form) -> tuple[str, ...]:
    """Hand the history over: one OCFL object or bag for each village, with all its versions.

    Papers of households go with their village. Returns the names of the packages.

    Raises:
        OutputError: when the folder isn't empty or can't be written.
    """
    outputs_with_store(workspace, scheme)
    with open_history(workspace, scheme, "history export") as history:
        return history.export(into, form=form, owner=_village(workspace, scheme, history))


def _village(workspace: Workspace, scheme: str, history: History) -> Callable[[Version], str]:
    """Return what tells the village of a version, by the rosters or, without them, by its code."""
    from pipeline.run.survey import survey  # loads every room; nothing else here needs them

    try:
        households = survey(workspace, scheme).roster.household
        lies_in = {code: one.village_code for code, one in households.items()}
    except JuanzongError:
        lies_in = {}
    villages = {version.subject for version in history.versions() if version.level == "village"}

    def owner(version: Version) -> str:
        if version.level != "household":
            return version.subject
        code = lies_in.get(version.subject, version.subject[:_VILLAGE])
        return code if code in villages or version.subject in lies_in else version.subject

    return owner


def take(workspace: Workspace, scheme: str, source: Path) -> tuple[int, int]:
    """Take a handed-over history into an empty workspace; return events and versions.

    Its public keys are trusted from now on.

    Raises:
        UsageError: when the folder holds nothing that was handed over.
        HistoryError: when there is a history already, or what came isn't whole.
    """
    workspace.scheme_folder(scheme)
    store = workspace.outputs(scheme) / "store"
    store.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    take_in(source, store)
    trust(workspace.keys, store / "keys")
    with open_history(workspace, scheme, "history import") as history:
        history.lay_out()
        head = history.head
        return head.sequence if head else 0, len(history.versions())
