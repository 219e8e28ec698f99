"""Links keep pointing into their own paper after many papers became one file.

Papers from one template share the names of their destinations, and after merging a name leads
into whichever paper came first. So before merging every link is made to name its page by number
(`carry`), and after merging by the page itself (`join`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pikepdf
from pikepdf import Array, Dictionary, Name

from pipeline.errors import OutputError

_PRINTED = 4
"""The flag PDF/A wants of a link: it is not hidden."""
PAPER = b"paper:"
"""Scheme of a link in the front matter that means a paper of this dossier: `paper:3`."""


def carry(source: pikepdf.Pdf) -> None:
    """Make a paper's links self-contained, and drop what must not travel.

    Only links within the paper and to web addresses survive; scripts, launches and the references
    to a structure tree that stays behind do not.
    """
    index = {page.obj.objgen: number for number, page in enumerate(source.pages)}
    names: dict[str, pikepdf.Object] | None = None
    for page in source.pages:
        _drop(page.obj, "/StructParents", "/AA", "/B", "/PieceInfo", "/Metadata")
        if "/Annots" not in page.obj:
            continue
        kept = Array()
        for annotation in notes(page):
            if annotation.get("/Subtype") != Name.Link:
                continue  # forms and notes of foreign files are pictured with their page
            _drop(annotation, "/P", "/AA", "/PA", "/StructParent")
            annotation.F = _PRINTED
            target = _target(annotation)
            if target is not None:
                if isinstance(target, pikepdf.String | Name):
                    names = _names(source) if names is None else names
                    target = names.get(str(target))
                place = _explicit(target, index)
                if place is None:
                    continue  # a link to nowhere
                _drop(annotation, "/A")
                annotation.Dest = place
            elif "/A" in annotation and annotation.A.get("/S") != Name.URI:
                del annotation.A
            kept.append(annotation)
        page.obj.Annots = kept


def join(pages: Sequence[pikepdf.Page]) -> None:
    """Turn page numbers in the links of one paper into its pages of the bound file."""
    for page in pages:
        for annotation in notes(page):
            place = annotation.get("/Dest")
            if isinstance(place, Array) and isinstance(place[0], int):
                place[0] = pages[place[0]].obj


def point_to_papers(front: Sequence[pikepdf.Page], firsts: Mapping[int, pikepdf.Page]) -> None:
    """Let links to `paper:<order>` lead to the first page of that paper.

    Raises:
        OutputError: when the front matter names a paper that isn't there.
    """
    for page in front:
        for annotation in notes(page):
            address = bytes(annotation.get("/A", Dictionary()).get("/URI", b""))
            if not address.startswith(PAPER):
                continue
            order = address.removeprefix(PAPER).decode("latin-1")
            if not order.isdecimal() or int(order) not in firsts:
                raise OutputError(f"卷内目录指向不存在的文件 {order}", where="卷首")
            del annotation.A
            annotation.Dest = Array([firsts[int(order)].obj, Name.Fit])


def notes(page: pikepdf.Page) -> Iterator[pikepdf.Object]:
    """Yield the annotations of a page that are what they should be."""
    for annotation in page.obj.get("/Annots", ()):
        if isinstance(annotation, Dictionary):
            yield annotation


def _drop(holder: pikepdf.Object, *keys: str) -> None:
    for key in keys:
        if key in holder:
            del holder[key]


def _target(annotation: pikepdf.Object) -> pikepdf.Object | None:
    """Return where a link leads within its file, None for any other annotation."""
    if "/Dest" in annotation:
        return annotation.Dest
    action = annotation.get("/A")
    if isinstance(action, Dictionary) and action.get("/S") == Name.GoTo:
        return action.get("/D", Array())
    return None


def _explicit(target: object, index: Mapping[tuple[int, int], int]) -> Array | None:
    """Return the destination with its page as a number, None when there is no such page."""
    if isinstance(target, Dictionary):
        target = target.get("/D")
    if not isinstance(target, Array) or not len(target):
        return None
    first = target[0]
    if isinstance(first, Dictionary):
        number = index.get(first.objgen)
    elif isinstance(first, int) and 0 <= first < len(index):
        number = first
    else:
        number = None
    return None if number is None else Array([number, *list(target)[1:]])


def _names(source: pikepdf.Pdf) -> dict[str, pikepdf.Object]:
    """Return the named destinations of a file, of PDF 1.1 and later."""
    found = dict(source.Root.get("/Dests", Dictionary()).items())
    tree = source.Root.get("/Names", Dictionary()).get("/Dests")
    if tree is not None:
        found.update(pikepdf.NameTree(tree))
    return found
