"""Papers to record: as small as they can be, all people made up."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

from pipeline.files import canonical, digest
from pipeline.history import History, NewFile, NewVersion

AT = "2016-11-03T02:00:00Z"
LETTER = "responsibility_letter/440114105"


def store(outputs: Path) -> Path:
    return outputs / "store"


def paper(
    text: str,
    *,
    document: str = LETTER,
    snapshot: str = "",
    stored: bool = True,
    path: str = "",
) -> NewVersion:
    kind, subject = document.split("/")
    context = {"town": {"name": "梯面镇"}, "text": text}
    path = path or f"内部/花都区/梯面镇/{kind}-{subject}.pdf"
    return NewVersion(
        document=document,
        title="脱贫攻坚责任书",
        kind=kind,
        level="town",
        subject=subject,
        period="",
        origin="made",
        digest=digest(canonical(context)),
        context=context,
        template="0" * 64,
        engine="1" * 64,
        snapshot=snapshot,
        as_of=date(2016, 10, 31),
        pages=2,
        files=(NewFile(path=path, data=f"%PDF {text}".encode(), stored=stored),),
    )


def record_many(folder: Path, documents: int, times: int) -> None:
    """Record a batch again and again: what a second process does."""
    with History.open(folder, command=f"writer {os.getpid()}") as history:
        for turn in range(times):
            history.record(
                [
                    paper(f"{turn} {os.getpid()}", document=f"notice/{number:012d}")
                    for number in range(documents)
                ],
                at=AT,
                operator="王五",
            )
