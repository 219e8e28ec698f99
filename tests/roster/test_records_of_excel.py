"""What the records of .xls and .xlsb say before calamine reads them."""

from __future__ import annotations

import struct

import pytest

from pipeline.roster import biff12
from pipeline.roster.biff import xls
from pipeline.roster.ole import Broken, Compound
from tests.roster.writers import compound, record

EOF = record(0x0A, b"")
AT = struct.Struct("<HHH")


def book(*cells: bytes, more: bytes = b"", sheets: int = 1) -> bytes:
    """Return a workbook stream whose sheets are all the same records."""
    start = 20 + len(more) + sheets * 14 + len(EOF)
    named = struct.pack("<IH", start, 0) + b"\x01\x01" + "户".encode("utf-16-le")
    head = record(0x809, bytes(16)) + more + record(0x85, named) * sheets + EOF
    assert len(head) == start
    return head + record(0x809, bytes(16)) + b"".join(cells) + EOF


def test_hidden_rows_columns_and_errors_of_an_xls_are_seen() -> None:
    found = xls(
        book(
            record(0x208, struct.pack("<H", 3) + bytes(10) + b"\x20" + bytes(3)),
            record(0x7D, struct.pack("<HHHHHH", 1, 2, 0, 0, 1, 0)),
            record(0x205, AT.pack(4, 1, 0) + b"\x2a\x01"),
            record(0x06, AT.pack(5, 0, 0) + b"\x02" + bytes(5) + b"\xff\xff" + bytes(6)),
            record(0xBD, AT.pack(6, 2, 0) + bytes(10) + struct.pack("<H", 9)),
            more=record(0x22, b"\x01\0"),
        )
    )
    (sheet,) = found.sheets
    assert found.from_1904
    assert (sheet.name, sheet.rows, sheet.columns) == ("户", 7, 10)
    assert (sheet.hidden_rows, sheet.hidden_columns) == ({3}, {1, 2})
    assert sheet.errors == {(4, 1), (5, 0)}


def test_sheets_that_share_their_records_are_refused() -> None:
    cells = [record(0x203, AT.pack(1, 1, 0) + bytes(8))] * 50
    assert len(xls(book(*cells)).sheets) == 1
    with pytest.raises(Broken, match="互相重叠"):
        xls(book(*cells, sheets=9))


def brt(kind: int, *numbers: int) -> bytes:
    """Return a record of .xlsb that holds whole numbers of four bytes."""
    body = struct.pack(f"<{len(numbers)}I", *numbers)
    return bytes([kind, len(body)]) + body


def test_the_extent_of_an_xlsb_sheet_is_that_of_its_filled_cells() -> None:
    part = b"\x81\x01\x00" + brt(0, 7) + brt(2, 3, 0, 0) + brt(0, 900) + brt(1, 50, 0)
    found = biff12.sheet(part)
    assert (found.rows, found.columns) == (8, 4)


def test_cells_of_an_xlsb_that_calamine_would_leave_out_are_refused() -> None:
    with pytest.raises(Broken, match="写法"):
        biff12.sheet(brt(0, 7) + brt(2, 3, 0, 0) + brt(17, 0, 0))


@pytest.mark.parametrize("part", [brt(0, 7)[:-1], brt(0, 7) + b"\x02\x02ab", brt(2, 1) + b"\x05"])
def test_an_xlsb_sheet_that_ends_within_a_record_is_refused(part: bytes) -> None:
    with pytest.raises(Broken, match="不完整"):
        biff12.sheet(part)


def test_a_chain_that_bites_its_tail_is_refused() -> None:
    data = bytearray(compound({"Workbook": bytes(9000)}))
    data[512 + 4 * 4 : 512 + 4 * 5] = struct.pack("<I", 2)
    with pytest.raises(Broken):
        Compound(bytes(data)).stream("Workbook")
