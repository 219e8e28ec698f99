"""Remember papers: contexts and files enter, versions leave that can always be read again.

Owns the store below `outputs/<scheme>/store`: blobs, manifests, the log, and its SQL cache.
"""

from __future__ import annotations

from pipeline.history.history import History
from pipeline.history.manifest import NewFile, NewVersion
from pipeline.history.numbers import Wanted
from pipeline.history.publish import Published
from pipeline.history.store import BlobStore, FolderStore
from pipeline.history.verify import verify

__all__ = [
    "BlobStore",
    "FolderStore",
    "History",
    "NewFile",
    "NewVersion",
    "Published",
    "Wanted",
    "verify",
]
