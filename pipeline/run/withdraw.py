"""Withdraw: a paper is no longer in force. The store keeps its bytes; the log says why."""

from __future__ import annotations

from pipeline.config import Workspace
from pipeline.history import History
from pipeline.model import Event, Version
from pipeline.run.past import find, open_history, working


def withdraw(
    workspace: Workspace, scheme: str, ref: str, *, reason: str, at: str, by: str
) -> tuple[Version, Event]:
    """Withdraw a paper and take its files out of the outputs.

    Args:
        workspace: where.
        scheme: which scheme.
        ref: a document, for the version in force or else the newest; `document@number`, the
            beginning of a version's digest, or a path below outputs, for just that version.
        reason: why.
        at: when, UTC, RFC 3339.
        by: who.

    Raises:
        UsageError: when there is no such paper, its state doesn't allow it, or no reason is given.
        HistoryError: when the store refuses.
    """
    with open_history(workspace, scheme, "withdraw") as history:
        subject = _meant(history, workspace, scheme, ref).subject
    with working(workspace, scheme, "withdraw", subjects={subject}, at=at) as history:
        version = _meant(history, workspace, scheme, ref)
        event = history.withdraw(version, at=at, operator=by, reason=reason)
        history.retract([version])
    return version, event


def _meant(history: History, workspace: Workspace, scheme: str, ref: str) -> Version:
    version = find(history, workspace, scheme, ref)
    if ref != version.document:
        return version
    return history.lives([ref])[ref].standing or version
