"""Is everything still there and unchanged? Read with other code than wrote it.

Nothing of the rest of the room is imported here: own names, own JSON, own hashing. What the
writer gets wrong in the same way twice would else look right.
"""

from __future__ import annotations

from pathlib import Path

from pipeline.history.examine.around import check_cache, check_outputs
from pipeline.history.examine.chain import (
    check_checkpoints,
    check_exported,
    check_links,
    check_log,
    check_paper,
)
from pipeline.history.examine.contents import Contents
from pipeline.history.examine.notes import Notes
from pipeline.history.examine.progress import Progress
from pipeline.model import Fault

__all__ = ["verify"]


def verify(
    store: Path,
    outputs: Path,
    *,
    keys: Path | None = None,
    since: str = "",
    paper: str = "",
    checkpoint: Path | None = None,
    resumable: str = "",
) -> tuple[tuple[Fault, ...], dict[str, int]]:
    """Check log, checkpoints, manifests, blobs, outputs and cache; change none of them.

    To be asked before anything else opens the store: a question brings the cache up to date,
    and a cache that knows more than the log is the witness of a log that lost its end.

    Args:
        store: `<outputs>/<scheme>/store`.
        outputs: `<outputs>/<scheme>`.
        keys: Folder of the public keys we trust; those in the store if it is None or missing.
        since: Number of an event, or a day: contents named before it are looked for but not read.
        paper: A head that was printed on paper, `<number>:<digest>`.
        checkpoint: A checkpoint that was kept elsewhere.
        resumable: When this is, RFC 3339: go on where a pass was interrupted, and take down in
            `<store>/verified.json` how far we are. Empty to read all in one go.

    Returns:
        All faults, not only the first (those of `what` "output" say nothing against the store),
        and counts: events, checkpoints, unsigned (events behind the last checkpoint), set_back
        (events dated before their predecessor), versions, pruned, blobs, bytes, read (bytes that
        were hashed), orphans (blobs nobody names: left by a killed run), unfinished, outputs (as
        recorded), outputs_edited, outputs_missing, outputs_outdated (an older version of ours),
        cache_behind (events it has yet to read).
    """
    notes = Notes()
    chain = check_log(store, notes)
    check_checkpoints(store, keys, chain, notes)
    if checkpoint:
        check_exported(checkpoint, store, keys, chain, notes)
    if paper:
        check_paper(paper, chain, notes)
    check_links(chain, notes)
    progress = Progress(store / "verified.json", chain, notes, at=resumable)
    track = bool(resumable) and not since
    first = chain.first_since(since) if since else progress.resume() if track else 1
    contents = Contents(
        store, chain, notes, first=first, done=progress.reached if track else lambda _: None
    )
    contents.check()
    contents.count()
    unread = bool(contents.unread) or not chain.whole
    check_outputs(outputs, contents.versions, chain, notes, unread=unread)
    check_cache(store / "cache.sqlite", chain, notes)
    if track:
        progress.reached(chain.last, finished=True)
    return tuple(notes.faults), dict(notes.counts)
