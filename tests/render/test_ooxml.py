"""Every Word file of ours against the checks of Microsoft's Open XML SDK, for old and new Word."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from openxml_audit import FileFormat, OpenXmlValidator

from docs import two_engines
from pipeline.config import BUILTIN
from pipeline.render.docx import render
from pipeline.render.returned import read_docx, stamped_again
from tests.render.test_docx import KINDS, STAMP, table

BASE = BUILTIN / "templates/docx/_gongwen.dotx"
RARE = "㘵玥镕䶮𬍛𠅤"
_THEME = re.compile("required relationship type '.*/relationships/theme' is missing")
"""ECMA-376 part 1, 11.3.2: a document has a theme or none."""


WORDS = (OpenXmlValidator(FileFormat.OFFICE_2010), OpenXmlValidator(FileFormat.MICROSOFT_365))


def faults(data: bytes, folder: Path, name: str = "paper.docx") -> list[str]:
    """Return what Word would complain of in a file, as of 2010 and of today."""
    path = folder / name
    path.write_bytes(data)
    return [
        f"{error.part_uri} {error.path}: {error.description}"
        for word in WORDS
        for error in word.validate(path).errors
        if not _THEME.search(error.description)
    ]


def test_the_base_is_valid(tmp_path: Path) -> None:
    assert faults(BASE.read_bytes(), tmp_path, "base.dotx") == []


@pytest.mark.parametrize("path", KINDS, ids=lambda path: path.parent.name)
def test_templates_and_what_is_made_of_them_are_valid(path: Path, tmp_path: Path) -> None:
    context = json.loads((path.parent / "sample.json").read_text("utf-8"))
    assert faults(path.read_bytes(), tmp_path) == []
    made = render(path, context, stamp=STAMP)
    assert faults(made, tmp_path) == []
    returned = read_docx(made, "paper.docx")
    assert faults(stamped_again(returned, context, "version"), tmp_path) == []


@pytest.mark.parametrize("path", KINDS, ids=lambda path: path.parent.name)
def test_runs_split_for_rare_characters_are_valid(path: Path, tmp_path: Path) -> None:
    text = (path.parent / "sample.json").read_text("utf-8")
    name = re.search(r'"(?:name|head)": "([\u4e00-\u9fff]+)"', text)
    assert name is not None
    context = json.loads(text.replace(f'"{name[1]}"', f'"{name[1]}{RARE}"'))
    made = render(path, context, stamp=STAMP)
    assert RARE[0] in zipfile.ZipFile(io.BytesIO(made)).read("word/document.xml").decode()
    assert faults(made, tmp_path) == []


def test_loops_breaks_and_joined_cells_are_valid(tmp_path: Path) -> None:
    rows = [{"town": "东镇", "name": "一\n二"}, {"town": "东镇", "name": "三\t四"}]
    path = table(
        tmp_path,
        [
            ["{%tr for v in rows %}", ""],
            ["{{ v.town | merge }}", "{{ v.name }}"],
            ["{%tr endfor %}", ""],
        ],
    )
    own = faults(path.read_bytes(), tmp_path)  # python-docx names styles in one of two parts
    assert faults(render(path, {"rows": rows}), tmp_path) == own


def test_a_notice_with_its_imprint_in_a_text_box_is_valid(tmp_path: Path) -> None:
    assert faults(two_engines.docx(), tmp_path) == []


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("word/document.xml", "<w:body>", "<w:body><w:t>x</w:t>"),
        ("word/document.xml", 'r:id="rId12"', 'r:id="rId99"'),
        ("word/document.xml", '<w:pStyle w:val="Body"/>', '<w:pStyle w:val="None"/>'),
        ("word/styles.xml", 'w:lineRule="exact"', 'w:lineRule="exactly"'),
        ("word/styles.xml", '<w:kern w:val="0"/>', '<w:kerning w:val="0"/>'),
        ("word/styles.xml", "<w:keepNext/><w:ind", "<w:jc w:val='left'/><w:keepNext/><w:ind"),
        ("[Content_Types].xml", "template.main", "nothing.main"),
    ],
)
def test_the_checks_see_what_word_would_stumble_over(
    tmp_path: Path, part: str, old: str, new: str
) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(BASE) as package, zipfile.ZipFile(out, "w") as made:
        for name in package.namelist():
            text = package.read(name).decode()
            assert name != part or old in text
            made.writestr(name, text.replace(old, new, 1) if name == part else text)
    assert faults(out.getvalue(), tmp_path, "base.dotx") != []
