"""Take out of a PDF what differs between two conversions of the same document."""

from __future__ import annotations

import io
import re

import pikepdf
from fontTools.misc import eexec

from pipeline import files

_EEXEC_KEY = 55665
_UNIQUE_ID = re.compile(rb"(/UniqueID )\d{7}")
_DATES = re.compile(rb"\s*<xmp:(CreateDate|ModifyDate|MetadataDate)>[^<]*</xmp:\1>")
_PADDING = re.compile(rb"\s+(?=<\?xpacket end)")
_ICC_DATE = slice(24, 36)
"""Where an ICC profile says when it was made (ICC.1, §7.2)."""
_PRIVATE_RANGE = 4_000_000
"""Adobe leaves 4000000–4999999 to private use (Type 1 Font Format, §2.5)."""


def normalise(pdf: bytes) -> bytes:
    """Drop dates, the checksum and the random id LibreOffice writes; nothing on a page changes.

    A PDF/A stays one: its metadata and its colour profile only lose their dates.
    """
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for name in ("/CreationDate", "/ModDate"):
            if name in document.docinfo:
                del document.docinfo[name]
        for name in ("/DocChecksum", "/ID"):
            if name in document.trailer:
                del document.trailer[name]
        for thing in document.objects:
            if isinstance(thing, pikepdf.Stream) and "/Length2" in thing:
                _settle_font(thing)
        if "/Metadata" in document.Root:
            packet = _DATES.sub(b"", document.Root.Metadata.read_bytes())
            document.Root.Metadata.write(_PADDING.sub(b"\n", packet))
        for intent in document.Root.get("/OutputIntents", ()):
            profile = bytearray(intent.DestOutputProfile.read_bytes())
            profile[_ICC_DATE] = bytes(12)
            intent.DestOutputProfile.write(bytes(profile))
        out = io.BytesIO()
        document.save(
            out,
            deterministic_id=True,
            compress_streams=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
        return out.getvalue()


def _settle_font(font: pikepdf.Stream) -> None:
    """Give a Type 1 font the UniqueID of its content: LibreOffice counts fonts in each call."""
    data = font.read_bytes()
    clear, secret = int(str(font["/Length1"])), int(str(font["/Length2"]))
    head = _UNIQUE_ID.sub(rb"\g<1>0000000", data[:clear])
    body, _ = eexec.decrypt(data[clear : clear + secret], _EEXEC_KEY)
    body = _UNIQUE_ID.sub(rb"\g<1>0000000", body)
    number = _PRIVATE_RANGE + int(files.digest(head + body)[:8], 16) % 1_000_000
    unique = b"/UniqueID %d" % number
    head = head.replace(b"/UniqueID 0000000", unique)
    body, _ = eexec.encrypt(body.replace(b"/UniqueID 0000000", unique), _EEXEC_KEY)
    font.write(head + body + data[clear + secret :])
