"""What makes a bound file an archival one (PDF/A): a colour profile and metadata that says so.

Merging loses both, so they are put back here, and only where every part is archival itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Literal, TypeAlias
from xml.sax.saxutils import escape

import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import ImageCms

Level: TypeAlias = Literal["", "2u", "3u"]
"""PDF/A-2u, PDF/A-3u where something is attached, or neither."""

_CLAIM = re.compile(rb"pdfaid:part(?:\s[^>]*)?>\s*[23]\b|pdfaid:part\s*=\s*[\"'][23]\b")


_SAYS = """
  <rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
   <pdfaid:part>{part}</pdfaid:part>
   <pdfaid:conformance>{conformance}</pdfaid:conformance>
  </rdf:Description>"""
_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">{claim}
  <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{Title}</rdf:li></rdf:Alt></dc:title>
   <dc:creator><rdf:Seq><rdf:li>{Author}</rdf:li></rdf:Seq></dc:creator>
   <dc:description>
    <rdf:Alt><rdf:li xml:lang="x-default">{Subject}</rdf:li></rdf:Alt>
   </dc:description>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""
"""XMP (ISO 16684-1); written out, because parsing an empty one costs a tenth of the binding."""


def claims(paper: pikepdf.Pdf) -> bool:
    """Tell whether a file says of itself that it is PDF/A-2 or PDF/A-3."""
    packet = paper.Root.get("/Metadata")
    return isinstance(packet, pikepdf.Stream) and bool(_CLAIM.search(packet.read_bytes()))


def declare(book: pikepdf.Pdf, level: Level, title: str, author: str, subject: str) -> None:
    """Describe a file, and say that it is archival if it is; no dates, so that bytes stay."""
    words = {"Title": title, "Author": author, "Subject": subject}
    for key, value in words.items():
        book.docinfo[f"/{key}"] = pikepdf.String(value)
    claim = _SAYS.format(part=level[0], conformance=level[1].upper()) if level else ""
    packet = _PACKET.format(claim=claim, **{key: escape(value) for key, value in words.items()})
    book.Root.Metadata = book.make_stream(packet.encode(), Type=Name.Metadata, Subtype=Name.XML)
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
    associated = list(book.Root.get("/AF", ()))
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
    if attached:  # pikepdf has an opinion of its own on this list, from some version on
        book.Root.AF = Array(associated)


@cache
def _profile() -> bytes:
    """Return the sRGB profile of Little CMS, which is free of rights, without its date."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[8:12] = b"\x04\x20\x00\x00"  # what PDF 1.7 knows; nothing later is used
    profile[24:36] = bytes(12)  # when it was made
    profile[84:100] = bytes(16)  # a checksum; zero where it isn't computed
    return bytes(profile)
