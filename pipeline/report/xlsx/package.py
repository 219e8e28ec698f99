"""The parts of an Office package (ECMA-376 part 2): read, replaced, added; others copied raw."""

from __future__ import annotations

import copy
import io
import posixpath
import zipfile
from collections.abc import Iterator
from typing import IO, cast

from lxml import etree

TYPES = "[Content_Types].xml"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_EMPTY = f'<Relationships xmlns="{_RELATIONS[1:-1]}"/>'.encode()
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)


def parse(data: bytes) -> etree._Element:
    """Parse a part; entities stay unresolved and nothing is fetched.

    Raises:
        lxml.etree.XMLSyntaxError: when it isn't XML.
    """
    safe = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(data, safe)


def written(root: etree._Element) -> bytes:
    """Return the bytes of a part."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


class Package:
    """A zip of parts. Names of parts are compared without case, as the standard says."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._zip = zipfile.ZipFile(io.BytesIO(data))
        self._names = {name.lower(): name for name in self._zip.namelist()}
        self._changed: dict[str, bytes] = {}

    def __contains__(self, part: str) -> bool:
        return part.lower() in self._names

    def names(self) -> Iterator[str]:
        """Yield the names of all parts."""
        yield from self._names.values()

    def read(self, part: str) -> bytes:
        """Return the bytes of a part.

        Raises:
            KeyError: when there is no such part.
        """
        name = self._names[part.lower()]
        return self._changed[name] if name in self._changed else self._zip.read(name)

    def write(self, part: str, data: bytes) -> None:
        """Replace a part, or add one."""
        name = self._names.setdefault(part.lower(), part)
        self._changed[name] = data

    def free(self, pattern: str) -> str:
        """Return the first name `pattern.format(1)`, `…(2)` that no part has."""
        number = 1
        while pattern.format(number) in self:
            number += 1
        return pattern.format(number)

    def related(self, part: str) -> dict[str, tuple[str, str]]:
        """Return what a part points to inside the package: id to (type, name of the part)."""
        path = _relations_of(part)
        if path not in self:
            return {}
        return {
            one.get("Id", ""): (one.get("Type", ""), _target(part, one.get("Target", "")))
            for one in parse(self.read(path)).iter(f"{_RELATIONS}Relationship")
            if one.get("TargetMode") != "External"
        }

    def relate(self, part: str, kind: str, target: str) -> str:
        """Let a part point to another and return the id of the relation."""
        path = _relations_of(part)
        root = parse(self.read(path) if path in self else _EMPTY)
        taken = {one.get("Id") for one in root}
        name = next(name for n in range(1, len(taken) + 2) if (name := f"rId{n}") not in taken)
        etree.SubElement(root, f"{_RELATIONS}Relationship", Id=name, Type=kind, Target=f"/{target}")
        self.write(path, written(root))
        return name

    def declare(self, part: str, kind: str) -> None:
        """Say the content type of a part."""
        root = parse(self.read(TYPES))
        etree.SubElement(root, f"{_TYPES}Override", PartName=f"/{part}", ContentType=kind)
        self.write(TYPES, written(root))

    def declare_ending(self, ending: str, kind: str) -> None:
        """Say the content type of every part with an ending, unless it is said already."""
        root = parse(self.read(TYPES))
        said = {str(one.get("Extension")).lower() for one in root.iter(f"{_TYPES}Default")}
        if ending not in said:
            root.insert(0, root.makeelement(f"{_TYPES}Default", Extension=ending, ContentType=kind))
            self.write(TYPES, written(root))

    def packed(self) -> bytes:
        """Return the zip: untouched members as they were compressed, changed and new ones anew."""
        out = io.BytesIO()
        ends = self._ends()
        left = dict(self._changed)
        with zipfile.ZipFile(out, "w") as new:
            new.comment = self._zip.comment
            for info in self._zip.infolist():
                if info.filename not in self._changed:
                    start = info.header_offset
                    _copy(new, info, self._data[start : ends[start]])
                elif info.filename in left:
                    _put(new, info.filename, left.pop(info.filename))
            for name, data in left.items():
                _put(new, name, data)
        return out.getvalue()

    def _ends(self) -> dict[int, int]:
        """Return where each member that begins somewhere ends: header, bytes and trailer."""
        starts = sorted({info.header_offset for info in self._zip.infolist()})
        return dict(zip(starts, [*starts[1:], self._zip.start_dir], strict=True))


def _copy(new: zipfile.ZipFile, info: zipfile.ZipInfo, raw: bytes) -> None:
    """Append a member as it stands in another zip; closing writes it into the directory."""
    stream = cast("IO[bytes]", new.fp)
    stream.seek(new.start_dir)
    moved = copy.copy(info)
    moved.header_offset = new.start_dir
    stream.write(raw)
    new.start_dir = stream.tell()
    new.filelist.append(moved)
    new.NameToInfo[moved.filename] = moved


def _put(new: zipfile.ZipFile, name: str, data: bytes) -> None:
    info = zipfile.ZipInfo(name, _FIRST_DAY)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 0  # the same bytes on every system
    new.writestr(info, data)


def _relations_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _target(part: str, target: str) -> str:
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target)).lstrip("/")
