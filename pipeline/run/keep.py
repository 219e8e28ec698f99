"""Keep the past: examine it, mend its cache, hand it over, take it in, thin it out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pipeline.config import Workspace
from pipeline.errors import HistoryError
from pipeline.history import EVERYTHING, Pruning
from pipeline.history import verify as examine
from pipeline.model import Event, Fault
from pipeline.run.past import open_history, working


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
