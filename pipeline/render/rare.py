"""Rare characters of a filled part: each names the font that draws it.

LibreOffice asks once for all characters a run's font lacks, and one nobody has makes boxes of
them all; Word takes whatever it likes. A run of its own with its font named is drawn the same
everywhere.
"""

from __future__ import annotations

from copy import deepcopy
from itertools import groupby

from lxml import etree

from pipeline import fonts
from pipeline.render.places import W, owner
from pipeline.render.styles import FACES, Styles

_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def rare(text: str) -> set[str]:
    """Return the characters a GB 2312 font may lack: nearly always none."""
    return {letter for letter in set(text) if ord(letter) > 0x2FF and not _ordinary(letter)}


def split_by_font(root: etree._Element, letters: set[str], styles: Styles) -> None:
    """Give runs of their own, with the font named, to characters the run's font lacks."""
    for run in [*root.iter(f"{W}r")]:
        words = "".join(text.text or "" for text in run.iterchildren(f"{W}t"))
        found = letters & set(words)
        if found and owner(run) is not None:
            family = styles.chinese_font(run)
            drawn = fonts.drawn_by(family) if family else frozenset()
            lacking = {letter: fonts.rare_family(letter) for letter in found}
            lacking = {
                letter: named
                for letter, named in lacking.items()
                if named and ord(letter) not in drawn
            }
            if lacking:
                _split(run, lacking)


def _split(run: etree._Element, lacking: dict[str, str]) -> None:
    """Replace a run by runs of one font each."""
    properties = run.find(f"{W}rPr")
    for child in [*run]:
        if child is properties:
            continue
        if child.tag == f"{W}t" and child.text:
            for family, letters in groupby(child.text, lambda letter: lacking.get(letter, "")):
                text = etree.Element(f"{W}t")
                text.text = "".join(letters)
                text.set(_SPACE, "preserve")
                run.addprevious(_run(run, text, family))
        else:
            run.addprevious(_run(run, child, ""))
    parent = run.getparent()
    if parent is not None:
        parent.remove(run)


def _run(old: etree._Element, content: etree._Element, family: str) -> etree._Element:
    made = etree.Element(f"{W}r")
    properties = old.find(f"{W}rPr")
    if properties is not None:
        made.append(deepcopy(properties))
    if family:
        _name_font(made, family)
    made.append(content)
    return made


def _name_font(run: etree._Element, family: str) -> None:
    properties = run.find(f"{W}rPr")
    if properties is None:
        properties = etree.SubElement(run, f"{W}rPr")
    named = properties.find(f"{W}rFonts")
    if named is None:
        named = etree.Element(f"{W}rFonts")
        properties.insert(1 if properties.find(f"{W}rStyle") is not None else 0, named)
    for face in FACES:
        named.attrib.pop(f"{W}{face}Theme", "")
        named.set(f"{W}{face}", family)
    named.set(f"{W}hint", "eastAsia")


def _ordinary(letter: str) -> bool:
    try:
        letter.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
