"""Electronic signatures of a PDF: does the file still say what was signed?

Whose the certificate is isn't looked up: that takes the roots of the office's own seal platform.
"""

from __future__ import annotations

import hashlib
import logging
import mmap
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Literal, TypeAlias

State: TypeAlias = Literal["whole", "changed", "broken", "unread"]
"""As it was signed; added to since; not what was signed; can't be told."""
_WORDS: dict[State, str] = {
    "whole": "电子签名完整",
    "changed": "电子签名后有增补",
    "broken": "电子签名无效",
    "unread": "电子签名未能核验",
}
_REMEDY: dict[State, str] = {
    "whole": "",
    "changed": "请签名人重发原件，收到后不要另存",
    "broken": "请签名人重发原件，收到后不要另存",
    "unread": "装上 juanzong[esign] 再核，或到签章平台核验",
}
_MARK = b"/ByteRange"
"""What every signature has, and always in plain sight: its place is filled in last."""
_MOST_LETTERS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What the signatures of a file amount to."""

    state: State
    signer: str = ""
    """As the certificate of the last one names him."""

    @property
    def todo(self) -> str:
        """What to do where it isn't whole."""
        return _REMEDY[self.state]

    @property
    def words(self) -> str:
        """For the 备注 of the catalogue."""
        who = f"（{self.signer}）" if self.signer and self.state == "whole" else ""
        return _WORDS[self.state] + who


def may_be_signed(path: Path) -> bool:
    """Tell at a glance whether a file could bear an electronic signature."""
    if not path.stat().st_size:
        return False
    with (
        path.open("rb") as stream,
        mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data,
    ):
        return data.find(_MARK) >= 0


def signature_of(data: bytes) -> Signature | None:
    """Check the electronic signatures of a PDF; None where it bears none.

    The last one must cover the whole file, each earlier one all that was there when it was made;
    what came between may only be further signatures and filled-in fields.
    """
    if _MARK not in data:
        return None
    try:
        from pyhanko.pdf_utils.reader import PdfFileReader
    except ImportError:  # the optional extra `esign`
        return Signature(state="unread")
    _be_quiet()
    try:
        reader = PdfFileReader(BytesIO(data), strict=False)
        if reader.encrypted:
            reader.decrypt(b"")
        signatures = list(reader.embedded_signatures)
        states = [_state(one, last=one is signatures[-1]) for one in signatures]
        signer = next((_name(one) for one in signatures[::-1] if one.sig_object_type == "/Sig"), "")
    except Exception:  # a foreign file: whatever is wrong with it, its signature can't be told
        return Signature(state="unread")
    return Signature(state=_worst(states), signer=signer) if states else None


def _state(signature: Any, *, last: bool) -> State:
    """Check one signature, and what was done to the file after it."""
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    signature.compute_integrity_info()
    if not _holds(signature):
        return "broken"
    said = signature.summarise_integrity_info()
    if said["coverage"] == SignatureCoverageLevel.ENTIRE_FILE:
        return "whole"
    since = getattr(said["diff_result"], "modification_level", ModificationLevel.OTHER)
    harmless = since <= ModificationLevel.FORM_FILLING and said["docmdp_ok"]
    return "whole" if harmless and not last else "changed"


def _holds(signature: Any) -> bool:
    """Tell whether a signature fits its key, and the bytes it covers are those that were signed."""
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity

    what, digest = "data", signature.compute_digest()
    if signature.sig_object_type == "/DocTimeStamp":  # it signs a note that holds the digest
        what = "tst_info"
        content = signature.signed_data["encap_content_info"]["content"]
        imprint = content.parsed["message_imprint"]
        named = imprint["hash_algorithm"]["algorithm"].native
        if signature.compute_digest(named) != imprint["hashed_message"].native:
            return False
        digest = hashlib.new(signature.md_algorithm, content.contents).digest()
    return all(validate_sig_integrity(signature.signer_info, signature.signer_cert, what, digest))


def _worst(states: Sequence[State]) -> State:
    order: tuple[State, ...] = ("broken", "changed", "unread", "whole")
    return min(states, key=order.index)


def _name(signature: Any) -> str:
    """Return whom a certificate names; what it says is anybody's text."""
    said = signature.signer_cert.subject.native
    name = str(said.get("common_name") or said.get("organization_name") or "")
    return "".join(sign for sign in name if sign.isprintable())[:_MOST_LETTERS]


def _be_quiet() -> None:
    """What a foreign file lacks is no news for the terminal."""
    for name in ("pyhanko", "pyhanko_certvalidator"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
