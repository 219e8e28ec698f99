"""What makes a bound file an archival one (PDF/A): a colour profile and metadata that says so.

Merging loses both, so they are put back here, and only where every part is archival itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Literal, TypeAlias

import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import ImageCms

Level: TypeAlias = Literal["", "2u", "3u"]
"""PDF/A-2u, PDF/A-3u where something is attached, or neither."""

_CLAIM = re.compile(rb"pdfaid:part(?:\s[^>]*)?>\s*[23]\b|pdfaid:part\s*=\s*[\"'][23]\b")


def claims(paper: pikepdf.Pdf) -> bool:
    """Tell whether a file says of itself that it is PDF/A-2 or PDF/A-3."""
    packet = paper.Root.get("/Metadata")
    return isinstance(packet, pikepdf.Stream) and bool(_CLAIM.search(packet.read_bytes()))


def declare(book: pikepdf.Pdf, level: Level, title: str, author: str, subject: str) -> None:
    """Describe a file, and say that it is archival if it is; no dates, so that bytes stay."""
    with book.open_metadata(set_pikepdf_as_editor=False) as metadata:  # also fills docinfo
        metadata["dc:title"] = title
        metadata["dc:creator"] = [author]
        metadata["dc:description"] = subject
        if level:
            metadata["pdfaid:part"], metadata["pdfaid:conformance"] = level[0], level[1].upper()
    book.Root.Lang = pikepdf.String("zh-CN")
    book.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    if level:
        book.Root.OutputIntents = Array(
            [
                Dictionary(
                    Type=Name.OutputIntent,
                    S=Name.GTS_PDFA1,
                    OutputConditionIdentifier=pikepdf.String("sRGB"),
                    DestOutputProfile=book.make_stream(_profile(), N=3),
                )
            ]
        )


def attach(book: pikepdf.Pdf, attached: Mapping[str, bytes]) -> None:
    """Embed files as they were received; each is the source of a paper in the book."""
    associated = Array()
    for name, data in attached.items():
        spec = pikepdf.AttachedFileSpec(
            book,
            data,
            filename=name,
            description=name,
            mime_type="application/pdf",
            relationship=Name.Source,
        )
        book.attachments[name] = spec
        associated.append(spec.obj)
    if attached:
        book.Root.AF = associated


@cache
def _profile() -> bytes:
    """Return the sRGB profile of Little CMS, which is free of rights, without its date."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[8:12] = b"\x04\x20\x00\x00"  # what PDF 1.7 knows; nothing later is used
    profile[24:36] = bytes(12)  # when it was made
    profile[84:100] = bytes(16)  # a checksum; zero where it isn't computed
    return bytes(profile)
