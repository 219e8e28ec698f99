"""Bind the same papers with us and with pypdf's append and overlay, side by side.

    python bench/dossier.py [--dossiers 182] [--papers 12] [--pages 5] [--rounds 1]

Every variant runs in a fresh process, round by round, and binds so many dossiers in a row; the
ratio is the median of the rounds. Memory is the peak after a tenth of the dossiers, and at the end.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def paper(number: int, pages: int) -> bytes:
    """Print one paper with three fonts, the way acceptance reports look."""
    import weasyprint

    text = "经查阅台账、入户核实，该村贫困户的收入来源以务工和种植为主，帮扶措施已经落实到户。"
    own = "".join(chr(0x4E00 + (number * 397 + step * 31) % 20000) for step in range(60))
    rows = "".join(
        f"<tr><td>{row}</td><td>第{row}户</td><td>{own[row]}{own[-row]}</td>"
        f"<td>{9000 + row}.50</td><td>有劳动力</td>"
        f"<td>2016-09-{row % 30 + 1:02d}</td><td>达标</td></tr>"
        for row in range(1, 26)
    )
    body = "".join(
        f"<h1>第{page}部分</h1><p>{text * 2}</p><table>{rows}</table>" for page in range(pages)
    )
    style = (
        "<meta charset=utf-8><style>@page{size:A4;margin:37mm 26mm 35mm 28mm}"
        'body{font:12pt/18pt "Liberation Serif",FandolFang}td{border:.5pt solid}'
        "table{table-layout:fixed;width:100%}"
        'h1{font-family:"Noto Serif CJK SC"}h1:not(:first-of-type){break-before:page}</style>'
    )
    return bytes(
        weasyprint.HTML(string=f"{style}{body}<p>第{number}件</p>").write_pdf(
            pdf_variant="pdf/a-2u"
        )
    )


def ours(front: bytes, papers: list[bytes]) -> Callable[[], bytes]:
    """Bind with bookmarks, labels, links, numbers and shared fonts."""
    from pipeline import files
    from pipeline.dossier import bind, catalogue, page_count
    from pipeline.model import CatalogueEntry, Part

    lines = catalogue(
        CatalogueEntry(
            order=0,
            number="",
            author="梯面镇",
            title=f"第{number}件",
            date="",
            first_page=0,
            pages=page_count(pdf),
        )
        for number, pdf in enumerate(papers, start=1)
    )
    parts = [
        Part(title=line.title, bookmark="综合", pdf=pdf, sha256=files.digest(pdf), entry=line)
        for line, pdf in zip(lines, papers, strict=True)
    ]
    return lambda: bind("卷宗", front, parts, author="梯面镇", subject="扶贫").pdf


def theirs(front: bytes, papers: list[bytes]) -> Callable[[], bytes]:
    """Append, bookmark, and lay a page with the number over each page."""
    import weasyprint
    from pypdf import PdfReader, PdfWriter

    sheets = "<p>" * sum(len(PdfReader(BytesIO(pdf)).pages) for pdf in papers)
    style = (
        "<style>@page{size:A4;margin:15mm;@top-right{content:counter(page);"
        'font:10.5pt "Liberation Serif"}}p{break-after:page}p:last-child{break-after:auto}</style>'
    )
    numbers = bytes(weasyprint.HTML(string=style + sheets).write_pdf())

    def run() -> bytes:
        writer = PdfWriter()
        writer.append(BytesIO(front), pages=(0, 2), import_outline=False)
        section = writer.add_outline_item("综合", 0)
        for number, pdf in enumerate(papers, start=1):
            first = len(writer.pages)
            writer.append(BytesIO(pdf), import_outline=False)
            writer.add_outline_item(f"第{number}件", first, parent=section)
        for page, over in zip(writer.pages[2:], PdfReader(BytesIO(numbers)).pages, strict=True):
            page.merge_page(over)
        writer.append(BytesIO(front), pages=(2, 3), import_outline=False)
        writer.add_metadata({"/Title": "卷宗", "/Author": "梯面镇", "/Subject": "扶贫"})
        stream = BytesIO()
        writer.write(stream)
        return stream.getvalue()

    return run


VARIANTS = {"pypdf": theirs, "ours": ours}


def one(variant: str, folder: Path, dossiers: int) -> None:
    """Time one variant in this process; the first, warming run isn't counted."""
    front, *papers = [path.read_bytes() for path in sorted(folder.glob("*.pdf"))]
    run = VARIANTS[variant](front, papers)
    run()
    peaks = []
    start = time.process_time()
    for done in range(1, dossiers + 1):
        pdf = run()
        if done in (max(dossiers // 10, 1), dossiers):
            peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    cpu = (time.process_time() - start) / dossiers * 1000
    print(json.dumps([cpu, len(pdf), peaks[0], peaks[-1]]))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--papers", type=int, default=12)
    parser.add_argument("--pages", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--dossiers", type=int, default=182)
    parser.add_argument("--one", nargs=2, metavar=("VARIANT", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        one(options.one[0], Path(options.one[1]), options.dossiers)
        return
    from pipeline import fonts

    fonts.use_closed_set()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.joinpath("00.pdf").write_bytes(paper(0, 3))
        for number in range(1, options.papers + 1):
            folder.joinpath(f"{number:02d}.pdf").write_bytes(paper(number, options.pages))
        rounds: dict[str, list[list[float]]] = {variant: [] for variant in VARIANTS}
        for _ in range(options.rounds):
            for variant in VARIANTS:
                done = subprocess.run(
                    [
                        sys.executable,
                        __file__,
                        "--one",
                        variant,
                        name,
                        "--dossiers",
                        str(options.dossiers),
                    ],
                    check=True,
                    capture_output=True,
                    text=True,
                )
                rounds[variant].append(json.loads(done.stdout))
    pairs = list(zip(rounds["pypdf"], rounds["ours"], strict=True))
    for variant, measured in rounds.items():
        print(
            f"{variant:6} {statistics.median(each[0] for each in measured):8.1f} ms cpu a dossier"
            f" {measured[0][1] / 1000:8.0f} kB"
            f"   memory {measured[0][2] / 1000:.0f} MB after a tenth,"
            f" {measured[0][3] / 1000:.0f} MB at the end"
        )
    print(f"speed {statistics.median(peer[0] / own[0] for peer, own in pairs):.1f}x", end="  ")
    print(f"size {statistics.median(own[1] / peer[1] for peer, own in pairs):.2f}")


if __name__ == "__main__":
    main()
