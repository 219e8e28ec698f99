"""Electronic signatures: what still says what was signed, what was added to, what is none."""

from __future__ import annotations

import sys

import pytest

from pipeline.dossier import take_in
from pipeline.dossier.signature import Signature, signature_of
from tests.dossier.papers import BAR, drawn
from tests.dossier.signer import WHO, appended, flipped, signed, stamped

PLAIN = drawn(BAR)
ONE = signed(PLAIN)


@pytest.mark.parametrize(
    ("pdf", "state"),
    [
        (ONE, "whole"),
        (signed(ONE, "二"), "whole"),
        (stamped(ONE), "whole"),
        (appended(ONE), "changed"),
        (signed(appended(ONE), "二"), "changed"),
        (ONE + b"\n% trailing", "changed"),
        (flipped(ONE), "broken"),
        (flipped(stamped(ONE)), "broken"),
        (ONE[:-200], "unread"),
        (PLAIN + b"\n% /ByteRange", None),
        (PLAIN, None),
    ],
)
def test_a_signature_holds_for_the_whole_file_or_it_is_said(pdf: bytes, state: str | None) -> None:
    found = signature_of(pdf)
    assert (found.state if found else None) == state


def test_the_note_names_the_signer_only_where_the_signature_holds() -> None:
    notes = [take_in(pdf).note for pdf in (ONE, appended(ONE), flipped(ONE))]
    assert notes == [
        f"图像，电子签名完整（{WHO}），原件附后",
        "图像，电子签名后有增补，原件附后",
        "图像，电子签名无效，原件附后",
    ]


def test_without_the_means_to_check_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyhanko.pdf_utils.reader", None)
    assert signature_of(ONE) == Signature(state="unread")
