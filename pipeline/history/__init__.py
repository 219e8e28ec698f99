"""Remember papers: contexts and files enter, versions leave that can always be read again.

Owns the store below `outputs/<scheme>/store`: blobs, manifests, the log, and its SQL cache.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.doors import door

if TYPE_CHECKING:
    from pipeline.history.checkpoint import make_key, trust
    from pipeline.history.claims import EVERYTHING
    from pipeline.history.examine import verify
    from pipeline.history.handover import Form, take_in
    from pipeline.history.history import History
    from pipeline.history.lock import held
    from pipeline.history.manifest import NewFile, NewVersion
    from pipeline.history.numbers import Wanted
    from pipeline.history.prune import Pruning
    from pipeline.history.publish import Published
    from pipeline.history.questions import Asked
    from pipeline.history.store import BlobStore, FolderStore
else:
    __getattr__ = door(__name__, __file__)

__all__ = [
    "EVERYTHING",
    "Asked",
    "BlobStore",
    "FolderStore",
    "Form",
    "History",
    "NewFile",
    "NewVersion",
    "Pruning",
    "Published",
    "Wanted",
    "held",
    "make_key",
    "take_in",
    "trust",
    "verify",
]
