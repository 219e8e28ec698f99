"""Names a template uses that its context doesn't have, and filters and tests there aren't.

Walks Jinja2's own syntax tree with the scopes Jinja2 gives names; both engines share it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from jinja2 import Environment, nodes

from pipeline.render.lint.contract import Shape

_SAME_ITEMS = frozenset(
    {"list", "sort", "select", "reject", "selectattr", "rejectattr", "unique", "reverse"}
)
_ONE_ITEM = frozenset({"first", "last", "min", "max"})
_BY_FIELD = frozenset(
    {"selectattr", "rejectattr", "map", "groupby", "sum", "sort", "unique", "min", "max"}
)
_FIELD_FIRST = frozenset({"selectattr", "rejectattr", "groupby"})
_GUARDS = frozenset({"defined", "undefined"})


@dataclass(frozen=True, slots=True)
class Unknown:
    """A name the context doesn't have, or a filter or test there isn't."""

    what: str
    name: str
    line: int
    known: tuple[str, ...] = ()


def unknown_tools(tree: nodes.Template, environment: Environment) -> Iterator[Unknown]:
    """Yield the filters and tests of a template that its environment doesn't have."""
    for each in tree.find_all((nodes.Filter, nodes.Test)):
        filters = isinstance(each, nodes.Filter)
        known = environment.filters if filters else environment.tests
        if each.name not in known:
            yield Unknown("过滤器" if filters else "测试", each.name, each.lineno)


def own_names(tree: nodes.Template) -> set[str]:
    """Return the names a template binds at its top: imports, macros, sets."""
    return {name for node in tree.body for name in _bound(node)}


def _bound(node: nodes.Node) -> Iterator[str]:
    if isinstance(node, nodes.Import):
        yield node.target
    elif isinstance(node, nodes.FromImport):
        yield from (each if isinstance(each, str) else each[1] for each in node.names)
    elif isinstance(node, nodes.Macro):
        yield node.name
    elif isinstance(node, nodes.Assign | nodes.AssignBlock):
        yield from _targets(node.target)


def _targets(target: nodes.Node) -> Iterator[str]:
    if isinstance(target, nodes.Name):
        yield target.name
    else:
        yield from (each.name for each in target.find_all(nodes.Name))


def _dotted(node: nodes.Node) -> str:
    """Return `scheme.area` for what is written so, nothing for anything else."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr) and (before := _dotted(node.node)):
        return f"{before}.{node.attr}"
    return ""


@dataclass(slots=True)
class Names:
    """A walk over one template with the names of its context."""

    context: Mapping[str, Shape]
    given: Iterable[str] = ()
    """Names that are there besides: globals, imports of the template it extends."""
    skip: frozenset[str] = frozenset()
    """Blocks that a template which extends this one has of its own."""
    found: list[Unknown] = field(default_factory=list)
    _guarded: set[str] = field(default_factory=set)

    def unknown(self, tree: nodes.Template) -> list[Unknown]:
        """Return the unknown names in the order they stand."""
        self._guarded = {
            _dotted(test.node) for test in tree.find_all(nodes.Test) if test.name in _GUARDS
        }
        scope: dict[str, Shape] = {**self.context, **dict.fromkeys(self.given)}
        scope |= {name: scope.get(name) for name in own_names(tree)}
        self._all(tree.body, scope)
        return sorted(self.found, key=lambda each: each.line)

    def _all(self, body: Iterable[nodes.Node], scope: dict[str, Shape]) -> None:
        for node in body:
            self._visit(node, scope)

    def _visit(self, node: nodes.Node, scope: dict[str, Shape]) -> None:
        """Walk a statement; bind what it binds."""
        match node:
            case nodes.For():
                self._loop(node, scope)
            case nodes.If():
                self._shape(node.test, scope)
                self._all([*node.body, *node.elif_, *node.else_], scope)
            case nodes.Assign():
                value = self._shape(node.node, scope)
                scope.update(dict.fromkeys(_targets(node.target)))
                if isinstance(node.target, nodes.Name):
                    scope[node.target.name] = value
            case nodes.AssignBlock():
                self._all(node.body, dict(scope))
                scope.update(dict.fromkeys(_targets(node.target)))
            case nodes.With():
                self._with(node, scope)
            case nodes.Macro() | nodes.CallBlock():
                inner = {**scope, "caller": None, "varargs": None, "kwargs": None}
                inner.update(dict.fromkeys(each.name for each in node.args))
                if isinstance(node, nodes.CallBlock):
                    self._shape(node.call, scope)
                self._all([*node.defaults], scope)
                self._all(node.body, inner)
            case nodes.Block():
                if node.name not in self.skip:
                    self._all(node.body, dict(scope))
            case nodes.Import() | nodes.FromImport():
                scope.update(dict.fromkeys(_bound(node)))
            case nodes.Expr():
                self._shape(node, scope)
            case _:
                self._all(node.iter_child_nodes(), scope)

    def _loop(self, node: nodes.For, scope: dict[str, Shape]) -> None:
        over = self._shape(node.iter, scope)
        inner = {**scope, "loop": None, **dict.fromkeys(_targets(node.target))}
        if isinstance(node.target, nodes.Name):
            inner[node.target.name] = over[0] if isinstance(over, list) and over else None
        if node.test is not None:
            self._shape(node.test, inner)
        self._all(node.body, inner)
        self._all(node.else_, dict(scope))

    def _with(self, node: nodes.With, scope: dict[str, Shape]) -> None:
        inner = dict(scope)
        for target, value in zip(node.targets, node.values, strict=True):
            given = self._shape(value, scope)
            inner.update(dict.fromkeys(_targets(target)))
            if isinstance(target, nodes.Name):
                inner[target.name] = given
        self._all(node.body, inner)

    def _shape(self, node: nodes.Node, scope: dict[str, Shape]) -> Shape:
        """Return what is known of a value, and note the names in it that nobody has."""
        match node:
            case nodes.Name():
                if node.name not in scope and node.name not in self._guarded:
                    self._note(node.name, node.lineno, scope)
                return scope.get(node.name)
            case nodes.Getattr() if _dotted(node) in self._guarded:
                return None
            case nodes.Getattr():
                return self._below(self._shape(node.node, scope), node.attr, node)
            case nodes.Getitem():
                return self._item(node, scope)
            case nodes.Filter():
                return self._filtered(node, scope)
            case nodes.Test() if node.name in _GUARDS:
                return None
            case _:
                self._all(node.iter_child_nodes(), scope)
                return None

    def _item(self, node: nodes.Getitem, scope: dict[str, Shape]) -> Shape:
        of = self._shape(node.node, scope)
        if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
            return self._below(of, node.arg.value, node)
        self._shape(node.arg, scope)
        if isinstance(of, list) and of:
            return of if isinstance(node.arg, nodes.Slice) else of[0]
        return None

    def _filtered(self, node: nodes.Filter, scope: dict[str, Shape]) -> Shape:
        if node.name in {"default", "d"}:
            self._all([*node.args, *node.kwargs], scope)
            return None
        of = self._shape(node.node, scope) if node.node is not None else None
        self._all([*node.args, *node.kwargs], scope)
        item = of[0] if isinstance(of, list) and of else None
        named = [each.value for each in node.kwargs if each.key == "attribute"]
        if node.name in _FIELD_FIRST:
            named += node.args[:1]
        if node.name in _BY_FIELD and named and isinstance(named[0], nodes.Const):
            self._below(item, str(named[0].value).partition(".")[0], node)
        if node.name in _SAME_ITEMS:
            return of
        return item if node.name in _ONE_ITEM else None

    def _below(self, of: Shape, name: str, node: nodes.Node) -> Shape:
        if not isinstance(of, dict):
            return None
        if name not in of:
            self._note(name, node.lineno, of)
        return of.get(name)

    def _note(self, name: str, line: int, of: Mapping[str, Shape]) -> None:
        self.found.append(Unknown("名称", name, line, tuple(sorted(of))))
