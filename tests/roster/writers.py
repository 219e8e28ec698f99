"""Write the sheets of a snapshot the way other programs and systems do."""

from __future__ import annotations

import csv
import datetime as dt
import html
import io
import struct
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import openpyxl

Rows = list[list[object]]
ODS = "application/vnd.oasis.opendocument.spreadsheet"


def sheets_of(folder: Path) -> dict[str, Rows]:
    """Return every sheet of a folder's workbooks; empty cells are empty text."""
    found: dict[str, Rows] = {}
    for path in sorted(folder.glob("*.xlsx")):
        for sheet in openpyxl.load_workbook(path):
            found[sheet.title] = [
                ["" if cell is None else cell for cell in row]
                for row in sheet.iter_rows(values_only=True)
            ]
    return found


def written(cell: object) -> str:
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    return str(cell)


def text(rows: Rows, separator: str = ",", newline: str = "\r\n") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator=newline).writerows(
        [[written(cell) for cell in row] for row in rows]
    )
    return out.getvalue()


def page(rows: Rows) -> str:
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(written(cell))}</td>" for cell in row) + "</tr>"
        for row in rows
    )
    return f"<html><head><meta charset=utf-8></head><body><table>{body}</table></body></html>"


def ods(sheets: dict[str, Rows], more: str = "") -> bytes:
    tables = "".join(
        f"<table:table table:name={quoteattr(name)}>"
        + "".join(
            f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows
        )
        + f"{more}</table:table>"
        for name, rows in sheets.items()
    )
    spaces = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("office", "table", "text")
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("mimetype", ODS, zipfile.ZIP_STORED)
        book.writestr("META-INF/manifest.xml", "<manifest/>")
        book.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:spreadsheet>{tables}"
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return out.getvalue()


def content(book: bytes) -> str:
    """Return the content of an .ods."""
    with zipfile.ZipFile(io.BytesIO(book)) as old:
        return old.read("content.xml").decode()


def with_content(book: bytes, text: str) -> bytes:
    """Return an .ods with other content."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, text if name == "content.xml" else old.read(name))
    return out.getvalue()


def _ods_cell(cell: object) -> str:
    if cell == "":
        return "<table:table-cell/>"
    if isinstance(cell, dt.datetime):
        day = cell.date().isoformat()
        return (
            f'<table:table-cell office:value-type="date" office:date-value="{day}">'
            f"<text:p>{day}</text:p></table:table-cell>"
        )
    if isinstance(cell, int | float):
        return (
            f'<table:table-cell office:value-type="float" office:value="{cell}">'
            f"<text:p>{cell}</text:p></table:table-cell>"
        )
    return (
        f'<table:table-cell office:value-type="string"><text:p>{escape(str(cell))}</text:p>'
        "</table:table-cell>"
    )


def xml2003(sheets: dict[str, Rows], encoding: str = "utf-8") -> bytes:
    """Write XML Spreadsheet 2003; rows are numbered only after an empty one."""
    tables = "".join(
        f"<Worksheet ss:Name={quoteattr(name)}><Table>"
        + "".join(
            f'<Row ss:Index="{number}">{"".join(map(_xml_cell, row))}</Row>'
            for number, row in enumerate(rows, start=1)
            if any(cell != "" for cell in row)
        )
        + "</Table></Worksheet>"
        for name, rows in sheets.items()
    )
    return (
        f'<?xml version="1.0" encoding="{encoding}"?>\n<?mso-application progid="Excel.Sheet"?>\n'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:x="urn:schemas-microsoft-com:office:excel" '
        f'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">{tables}</Workbook>'
    ).encode(encoding)


def _xml_cell(cell: object) -> str:
    if cell == "":
        return "<Cell/>"
    if isinstance(cell, dt.datetime):
        kind, words = "DateTime", cell.isoformat(timespec="milliseconds")
    elif isinstance(cell, int | float):
        kind, words = "Number", str(cell)
    else:
        kind, words = "String", escape(str(cell))
    return f'<Cell><Data ss:Type="{kind}">{words}</Data></Cell>'


def xlsb(
    sheets: dict[str, Rows],
    *,
    hidden: tuple[str, ...] = (),
    hidden_rows: tuple[int, ...] = (),
    hidden_columns: tuple[int, ...] = (),
    merges: tuple[tuple[int, int, int, int], ...] = (),
    from_1904: bool = False,
) -> bytes:
    """Write BIFF12; merges are first row, last row, first column, last column."""
    named = [
        brt(156, struct.pack("<II", int(name in hidden), at) + _wide(f"r{at}") + _wide(name))
        for at, name in enumerate(sheets, start=1)
    ]
    book = brt(131) + brt(153, struct.pack("<III", from_1904, 0, 0)) + brt(143)
    relation = '<Relationship Id="r{0}" Type="http://schemas/worksheet" Target="{1}{0}.bin"/>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/workbook.bin", book + b"".join(named) + brt(144) + brt(132))
        file.writestr(
            "xl/_rels/workbook.bin.rels",
            "<Relationships>"
            + "".join(relation.format(at, "worksheets/sheet") for at in range(1, len(sheets) + 1))
            + "</Relationships>",
        )
        for at, rows in enumerate(sheets.values(), start=1):
            body = b"".join(
                brt(60, struct.pack("<IIIIH", one, one, 0, 0, 1)) for one in hidden_columns
            )
            body = brt(390) + body + brt(391) if body else b""
            body = brt(148, struct.pack("<4I", 0, len(rows), 0, 0)) + body + brt(145)
            for number, row in enumerate(rows):
                flags = 0x10 if number in hidden_rows else 0
                body += brt(0, struct.pack("<IIHBBBI", number, 0, 320, 0, flags, 0, 0))
                body += b"".join(_brt_cell(index, cell) for index, cell in enumerate(row))
            body += brt(146) + b"".join(brt(176, struct.pack("<4I", *one)) for one in merges)
            file.writestr(f"xl/worksheets/sheet{at}.bin", brt(129) + body + brt(130))
    return out.getvalue()


def brt(kind: int, body: bytes = b"") -> bytes:
    """Return a record of BIFF12: numbers of seven bits a byte for its kind and its length."""
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length, size = len(body), b""
    while length > 0x7F:
        size, length = size + bytes([length & 0x7F | 0x80]), length >> 7
    return head + size + bytes([length]) + body


def _wide(text: str) -> bytes:
    coded = text.encode("utf-16-le")
    return struct.pack("<I", len(coded) // 2) + coded


def _brt_cell(index: int, cell: object) -> bytes:
    at = struct.pack("<II", index, 0)
    if isinstance(cell, int | float):
        return brt(5, at + struct.pack("<d", cell))
    return brt(6, at + _wide(written(cell))) if cell != "" else brt(1, at)


def xls(sheets: dict[str, Rows], *, dimensions: tuple[int, int] | None = None) -> bytes:
    """Write BIFF8: every sheet a substream of LABEL and NUMBER records."""
    streams = [_biff_sheet(rows, dimensions) for rows in sheets.values()]
    names = [_biff_name(name) for name in sheets]
    start = len(_BOF) + sum(len(record(0x85, b"\0" * 6 + name)) for name in names) + len(_EOF)
    book = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))
    for name, stream in zip(names, streams, strict=True):
        book += record(0x85, struct.pack("<IH", start, 0) + name)
        start += len(stream)
    return compound({"Workbook": book + _EOF + b"".join(streams)})


def record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


_BOF = record(0x809, bytes(16))
_EOF = record(0x0A, b"")


def _biff_name(name: str) -> bytes:
    return struct.pack("<BB", len(name), 1) + name.encode("utf-16-le")


def _biff_sheet(rows: Rows, dimensions: tuple[int, int] | None) -> bytes:
    out = record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))
    if dimensions:
        out += record(0x200, struct.pack("<IIHHH", 0, dimensions[0], 0, dimensions[1], 0))
    for number, row in enumerate(rows):
        for index, cell in enumerate(row):
            at = struct.pack("<HHH", number, index, 0)
            if isinstance(cell, int | float):
                out += record(0x203, at + struct.pack("<d", cell))
            elif cell != "":
                label = written(cell).encode("utf-16-le")
                out += record(0x204, at + struct.pack("<HB", len(label) // 2, 1) + label)
    return out + _EOF


def compound(streams: dict[str, bytes]) -> bytes:
    """Write an OLE compound file (MS-CFB, version 3) whose streams are all in full sectors."""
    size = 512
    padded = {name: data.ljust(4096, b"\0") for name, data in streams.items()}
    needed = [-(-len(data) // size) for data in padded.values()]
    directory = -(-(len(streams) + 1) // 4)
    tables = 1
    while tables * 128 < sum(needed) + directory + tables:
        tables += 1
    assert tables <= 109
    fat = [0xFFFFFFFD] * tables
    at = tables
    fat += [*range(at + 1, at + directory), 0xFFFFFFFE]
    entries = [_entry("Root Entry", 5, 0xFFFFFFFE, 0, 1)]
    body = b""
    at += directory
    for number, (name, data) in enumerate(padded.items(), start=2):
        sectors = -(-len(data) // size)
        fat += [*range(at + 1, at + sectors), 0xFFFFFFFE]
        right = number if number <= len(padded) else 0xFFFFFFFF
        entries.append(_entry(name, 2, at, len(data), right=right))
        body += data.ljust(sectors * size, b"\0")
        at += sectors
    fat += [0xFFFFFFFF] * (tables * 128 - len(fat))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIIIIIII", 0, tables, tables, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += struct.pack("<109I", *range(tables), *[0xFFFFFFFF] * (109 - tables))
    return (
        head
        + struct.pack(f"<{len(fat)}I", *fat)
        + b"".join(entries).ljust(directory * size, b"\0")
        + body
    )


def _entry(
    name: str, kind: int, start: int, size: int, child: int = 0xFFFFFFFF, right: int = 0xFFFFFFFF
) -> bytes:
    coded = name.encode("utf-16-le")
    return (
        coded.ljust(64, b"\0")
        + struct.pack("<HBB", len(coded) + 2, kind, 1)
        + struct.pack("<III", 0xFFFFFFFF, right, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )
