"""Packages as bags (BagIt, RFC 8493), written and validated by the Library of Congress' code."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.errors import HistoryError
from pipeline.history.package import Step


def is_bags(folder: Path) -> bool:
    """Tell whether a folder holds bags."""
    return any(folder.glob("*/bagit.txt"))


def write_bag(folder: Path, name: str, steps: Sequence[Step]) -> None:
    """Write a bag with everything that all steps added.

    Raises:
        OSError: when the disk refuses.
    """
    for step in steps:
        for path, source in step.files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            shutil.copyfile(source, target)
            target.chmod(0o600)
    import bagit  # loading it takes longer than a question to the cache

    bagit.make_bag(
        str(folder),
        {"External-Identifier": name, "Bagging-Date": steps[-1].at[:10]},
        checksums=["sha256"],
    )


def read_bags(root: Path) -> Iterator[tuple[str, str, Path]]:
    """Yield package, path inside it, and the file with its bytes, each held against its digest.

    Raises:
        HistoryError: when a bag isn't valid; says why.
    """
    import bagit

    for marker in sorted(root.glob("*/bagit.txt")):
        folder = marker.parent
        try:
            bag = bagit.Bag(str(folder))
            bag.validate()
        except (bagit.BagError, OSError, ValueError) as error:
            raise HistoryError(f"BagIt 包不合格：{error}", where=str(folder)) from error
        for path in sorted(bag.payload_files()):
            yield folder.name, path.removeprefix("data/"), folder / path
