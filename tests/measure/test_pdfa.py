from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from click.testing import CliRunner

from pipeline.cli.main import cli
from pipeline.errors import ToolError
from pipeline.measure import measure_pdfa
from tests.dossier.papers import BAR, archival, drawn, helvetica, saved


def test_a_claim_is_examined_clause_by_clause() -> None:
    good = archival("<p>花都区联丰村</p>")
    with pikepdf.open(BytesIO(good)) as pdf:
        pdf.pages[0].obj.Resources.Font.Bad = helvetica()
        pdf.pages[0].contents_add(b"BT /Bad 9 Tf (x) Tj ET")
        del pdf.Root.OutputIntents
        bad = saved(pdf)
    fine, spoilt, silent, broken = measure_pdfa([good, bad, drawn(BAR), b"%PDF-"])
    assert (fine.flavour, fine.faults) == ("2u", ())
    assert spoilt.flavour == "2u"
    assert any(fault.startswith("6.2.11.4.1-1") for fault in spoilt.faults)
    assert (silent.flavour, silent.faults) == ("", ("不声称是 PDF/A",))
    assert broken.faults[0].startswith("veraPDF 读不了")


def test_a_file_that_takes_too_long_is_given_up() -> None:
    with pytest.raises(ToolError, match="未完成"):
        measure_pdfa([drawn(BAR)], seconds=0.05)


def test_from_the_command_line(tmp_path: Path) -> None:
    good, plain = tmp_path / "好.pdf", tmp_path / "差.pdf"
    good.write_bytes(archival("<p>一</p>"))
    plain.write_bytes(drawn(BAR))
    done = CliRunner().invoke(
        cli, ["measure", "--pdfa", str(good), str(plain)], standalone_mode=False
    )
    assert done.return_value == 3, done.output
    assert "好.pdf：PDF/A-2u，合格" in done.output
    assert "差.pdf：不声称是 PDF/A" in done.output
