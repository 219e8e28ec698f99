"""All faults of an html kind: its template, those it extends or imports, and their stylesheets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cssselect2
import tinycss2
import tinyhtml5
from jinja2 import nodes

from pipeline.model import Spot, TemplateFault
from pipeline.render.environment import environment
from pipeline.render.lint.contract import Contract
from pipeline.render.lint.names import Names, own_names, unknown_tools
from pipeline.render.lint.syntax import recovered
from pipeline.render.signs import bad_signs, single_braces

_TEMPLATE = "template.html"
_CODE = re.compile(r"<(style|script)\b.*?</\1>", re.DOTALL | re.IGNORECASE)
_LEANING = {"flex", "inline-flex", "grid", "inline-grid"}
_RUNNING = 60
"""Characters from which words are running text."""
_SHARED = "_gongwen/gongwen.css"
_STYLE = "style.css"


@dataclass(frozen=True, slots=True)
class _File:
    """A template file that was read: its text, its tree, its faults so far."""

    name: str
    text: str
    tree: nodes.Template | None
    faults: tuple[tuple[int, str], ...]


def lint_page(kind: str, roots: Sequence[Path], agreed: Contract) -> list[TemplateFault]:
    """Return every fault of an html kind that its files alone show."""
    files = list(_files(f"{kind}/{_TEMPLATE}", roots))
    found: list[TemplateFault] = []
    for file in files:
        found += _words(file)
        found += [_fault("B06", file.name, line, said=said) for line, said in file.faults]
    found += _language(files, roots, agreed)
    return found


def lint_layout(kind: str, roots: Sequence[Path], markup: str) -> list[TemplateFault]:
    """Return tables of automatic width and running text in flex or float boxes.

    WeasyPrint lays such text out once for each character; the filled sample shows where.
    """
    document = tinyhtml5.parse(markup, namespace_html_elements=False)
    whole = cssselect2.ElementWrapper.from_html_root(document)
    rules = list(_rules(kind, roots))
    found = []
    for element in whole.iter_subtree():
        name = element.local_name
        text = " ".join("".join(element.etree_element.itertext()).split())
        own = _declared(element, rules)
        if name == "table" and own.get("table-layout", ("auto", "", 0))[0] != "fixed":
            _, file, line = own.get("table-layout", ("", f"{kind}/{_TEMPLATE}", 0))
            found.append(_fault("B28", file, line, near=text[:30]))
        for wanted in ("display", "float"):
            value, file, line = own.get(wanted, ("", "", 0))
            leans = value in _LEANING if wanted == "display" else value in {"left", "right"}
            if leans and len(text) > _RUNNING:
                told = f"{wanted}: {value}"
                found.append(_fault("B29", file, line, near=text[:30], name=told))
    return list({(one.code, one.spot): one for one in found}.values())


def _files(name: str, roots: Sequence[Path], seen: frozenset[str] = frozenset()) -> Iterator[_File]:
    """Read a template and those it names, itself first."""
    path = next((root / name for root in roots if (root / name).is_file()), None)
    if path is None or name in seen:
        return
    text = path.read_text(encoding="utf-8")
    tree, faults = recovered(text, environment(*roots))
    yield _File(name, text, tree, tuple(faults))
    named: Any = (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)
    for each in tree.find_all(named) if tree else ():
        asked: Any = each
        if isinstance(asked.template, nodes.Const):
            yield from _files(str(asked.template.value), roots, seen | {name})


def _words(file: _File) -> Iterator[TemplateFault]:
    for start, tag, mendable in bad_signs(file.text, quotes=True):
        yield _fault("B18", file.name, _line(file.text, start), fixable=mendable, tag=tag)
    plain = _CODE.sub(lambda code: re.sub(r"[^\n]", " ", code[0]), file.text)
    for start, name in single_braces(plain):
        yield _fault("B19", file.name, _line(file.text, start), tag=name)


def _language(
    files: Sequence[_File], roots: Sequence[Path], agreed: Contract
) -> Iterator[TemplateFault]:
    made = environment(*roots)
    trees = [(file, file.tree) for file in files if file.tree is not None]
    given = {*made.globals, "self", *(name for _, tree in trees for name in own_names(tree))}
    blocks: set[str] = set()
    for file, tree in trees:
        for tool in unknown_tools(tree, made):
            yield _fault("B22", file.name, tool.line, other=tool.what, name=tool.name)
        for name in Names(agreed.names, given, frozenset(blocks)).unknown(tree):
            known = "、".join(name.known)
            yield _fault("B21", file.name, name.line, name=name.name, other=known)
        blocks |= {block.name for block in tree.find_all(nodes.Block)}


def _rules(kind: str, roots: Sequence[Path]) -> Iterator[tuple[Any, Mapping[str, str], str, int]]:
    """Yield (selector, declarations, file, line) of the kind's stylesheets, shared ones first."""
    for name in (_SHARED, f"{kind}/{_STYLE}"):
        path = next((root / name for root in roots if (root / name).is_file()), None)
        if path is None:
            continue
        sheet = path.read_text(encoding="utf-8")
        for rule in tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True):
            if rule.type == "qualified-rule":
                for selector in _selectors(rule.prelude):
                    yield selector, _declarations(rule.content), name, rule.source_line


def _selectors(prelude: Any) -> list[Any]:
    try:
        return list(cssselect2.compile_selector_list(prelude))
    except cssselect2.SelectorError:
        return []


def _declarations(content: Any) -> dict[str, str]:
    return {
        each.lower_name: tinycss2.serialize(each.value).strip().lower()
        for each in tinycss2.parse_declaration_list(content)
        if each.type == "declaration"
    }


def _declared(element: Any, rules: Sequence[Any]) -> dict[str, tuple[str, str, int]]:
    """Return the declarations that win for an element: value, file, line."""
    won: dict[str, tuple[tuple[int, ...], tuple[str, str, int]]] = {}
    for order, (selector, declared, file, line) in enumerate(rules):
        if selector.pseudo_element is None and selector.test(element):
            weight = (*selector.specificity, order)
            for name, value in declared.items():
                if name not in won or won[name][0] <= weight:
                    won[name] = (weight, (value, file, line))
    found = {name: value for name, (_, value) in won.items()}
    inline = _declarations(element.etree_element.get("style") or "")
    return {**found, **{name: (value, "", 0) for name, value in inline.items()}}


def _line(text: str, start: int) -> int:
    return text.count("\n", 0, start) + 1


def _fault(
    code: str, file: str, line: int, *, fixable: bool = False, near: str = "", **details: str
) -> TemplateFault:
    return TemplateFault(
        code=code,
        severity="warning" if code in {"B19", "B28", "B29"} else "error",
        spot=Spot(file=file, line=line, near=near or details.get("tag", "")),
        details=details,
        fixable=fixable,
    )
