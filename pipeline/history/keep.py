"""The blobs of a version to be: they need no lock, because nobody names them yet."""

from __future__ import annotations

from pipeline.errors import HistoryError
from pipeline.files import canonical, plain
from pipeline.files import digest as digest_of
from pipeline.history.manifest import NewVersion
from pipeline.history.store import BlobStore
from pipeline.model import FileEntry, Version


def keep(store: BlobStore, entry: NewVersion) -> Version:
    """Write the blobs of an entry; the version is its document's first until told otherwise.

    Raises:
        HistoryError: when its snapshot isn't there or the disk refuses.
    """
    if entry.snapshot and not store.has(entry.snapshot):
        raise HistoryError(f"{entry.document} 所依据的名册快照不在存储里：{entry.snapshot}")
    files = tuple(
        FileEntry(
            path=file.path,
            sha256=store.put(file.data) if file.stored else digest_of(file.data),
            size=len(file.data),
            stored=file.stored,
        )
        for file in entry.files
    )
    return Version(
        document=entry.document,
        number=1,
        title=entry.title,
        kind=entry.kind,
        level=entry.level,
        subject=entry.subject,
        period=entry.period,
        origin=entry.origin,
        digest=entry.digest,
        context=store.put(canonical(plain(entry.context))),
        template=entry.template,
        engine=entry.engine,
        snapshot=entry.snapshot,
        as_of=entry.as_of,
        pages=entry.pages,
        files=files,
        because=entry.because,
        codes=entry.codes,
        supersedes=entry.supersedes,
        issue=entry.issue,
        base=entry.base,
    )
