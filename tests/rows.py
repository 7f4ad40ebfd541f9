"""Reads from a store's code what it takes from the rows of a statement, so that it can be compared.

Follows a row from the call that fetches it through variables, loops and helper functions to where
its columns are taken: by name, by place, or all at once into a Struct. A use that it does not
understand is named, so that nothing slips by.
"""

import ast
import importlib
import inspect
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path
from types import FunctionType, ModuleType

import msgspec

from tests.columns import Made, Uses
from tests.test_house import ROOT, name_of, tree_of

Function = ast.FunctionDef | ast.AsyncFunctionDef
ONE, MANY = "one row", "many rows"
FETCHING = {"fetch": MANY, "cursor": MANY, "fetchrow": ONE}
"""What asyncpg's calls return; `fetchval` returns the value itself."""
ASSIGNED = (ast.Assign, ast.AnnAssign)
COUNTING = {"len", "bool"}


def uses_of(path: Path, function: Function, call: ast.Call) -> Uses:
    """Return what a function takes from the rows that one of its calls fetches."""
    uses = Uses()
    kind = FETCHING.get(call.func.attr) if isinstance(call.func, ast.Attribute) else None
    if kind:
        _Reader(path, function, uses).follow(call, kind)
    return uses


class _Reader:
    """Follows rows through one function."""

    def __init__(self, path: Path, function: Function, uses: Uses) -> None:
        self._path = path
        self._function = function
        self._uses = uses
        self._parents = {
            child: node for node in ast.walk(function) for child in ast.iter_child_nodes(node)
        }

    def follow(self, node: ast.expr, kind: str) -> None:
        """Note what becomes of an expression that is a row, or many."""
        parent = self._parents[node]
        match parent:
            case ast.Await():
                self.follow(parent, kind)
            case ast.Assign(targets=[target]) | ast.AnnAssign(target=target):
                self._bind(target, kind, parent)
            case ast.Call(func=ast.Name(id=called), args=[*_]) if called not in COUNTING:
                self._hand_over(parent, node, called, kind)
            case _ if kind == MANY:
                self._follow_many(node, parent)
            case _:
                self._follow_one(node, parent)

    def _follow_many(self, node: ast.expr, parent: ast.AST) -> None:
        match parent:
            case ast.comprehension(target=target, iter=iterated) if iterated is node:
                self._bind(target, ONE, self._parents[parent])
            case ast.For(target=target) | ast.AsyncFor(target=target) if parent.iter is node:
                self._bind(target, ONE, parent)
            case ast.Subscript(slice=ast.Constant(value=int())):
                self.follow(parent, ONE)
            case _:
                self._ignore(node, parent)

    def _follow_one(self, node: ast.expr, parent: ast.AST) -> None:
        match parent:
            case ast.Subscript(value=value, slice=which) if value is node:
                self._take(parent, which)
            case ast.Starred() | ast.keyword(arg=None):
                self._make(parent)
            case ast.Dict(keys=keys):
                replaced = [key.value for key in keys if isinstance(key, ast.Constant)]
                self._make(self._parents[parent], replaced=replaced)
            case ast.Attribute(attr="items"):
                self._convert(parent)
            case _:
                self._ignore(node, parent)

    def follow_parameter(self, place: int, kind: str) -> None:
        """Follow a parameter of the function."""
        name = self._function.args.args[place].arg
        for load in self._loads(name, self._function):
            self.follow(load, kind)

    def _bind(self, target: ast.expr, kind: str, within: ast.AST) -> None:
        match target:
            case ast.Name(id=name):
                for load in self._loads(name, within):
                    self.follow(load, kind)
            case ast.List(elts=[ast.Name() as only]) if kind == MANY:
                self._bind(only, ONE, within)
            case ast.Tuple(elts=parts) if kind == ONE:
                if not any(isinstance(part, ast.Starred) for part in parts):
                    self._uses.widths.add(len(parts))
                else:
                    self._unseen(target)
            case _:
                self._unseen(target)

    def _loads(self, name: str, within: ast.AST) -> Iterator[ast.Name]:
        """Yield where a variable is read: within a loop, or from its assignment to the next."""
        place, first, last = within, 0, 1_000_000
        if isinstance(within, ASSIGNED):
            place, first = self._function, within.lineno
            others = [
                node.lineno
                for node in ast.walk(self._function)
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
                if node.id == name and node.lineno > first
            ]
            last = min(others, default=last)
        for node in ast.walk(place):
            if (
                isinstance(node, ast.Name)
                and isinstance(node.ctx, ast.Load)
                and node.id == name
                and first <= node.lineno <= last
            ):
                yield node

    def _take(self, taken: ast.Subscript, which: ast.expr) -> None:
        match which:
            case ast.Constant(value=str() as name):
                self._uses.names.add(name)
            case ast.Constant(value=int() as place):
                self._uses.places.add(place)
            case ast.Slice(lower=None, upper=ast.Constant(value=int() as until), step=None):
                parent = self._parents[taken]
                if isinstance(parent, ast.Starred):
                    self._make(parent, until)
                else:
                    self._unseen(taken)
            case ast.Name(id=variable):
                self._take_fields(taken, variable)
            case _:
                self._unseen(taken)

    def _take_fields(self, taken: ast.Subscript, variable: str) -> None:
        """Note the columns of `{name: row[name] for name in Kind.__struct_fields__}`."""
        match self._parents[taken]:
            case ast.DictComp(
                generators=[
                    ast.comprehension(
                        target=ast.Name(id=looped),
                        iter=ast.Attribute(value=of, attr="__struct_fields__"),
                    )
                ]
            ) if looped == variable and (kind := self._struct(of)):
                self._uses.names.update(kind.__struct_fields__)
            case _:
                self._unseen(taken)

    def _make(
        self, given: ast.AST, until: int | None = None, replaced: Collection[object] = ()
    ) -> None:
        """Note `Kind(*row)`, `Kind(**row)` and what else is given to it."""
        call = self._parents[given]
        kind = self._struct(call.func) if isinstance(call, ast.Call) else None
        if not isinstance(call, ast.Call) or kind is None:
            self._unseen(given)
            return
        is_by_name = isinstance(given, ast.keyword)
        before = 0 if is_by_name else [*map(id, call.args)].index(id(given))
        others = {one.arg for one in call.keywords if one.arg}
        fields = [one for one in msgspec.structs.fields(kind)[before:] if one.name not in others]
        is_alone = sum(one.arg is None for one in call.keywords) <= 1
        required = {one.name for one in fields if one.required} if is_alone else set()
        names = [one.name for one in fields]
        self._uses.made.append(
            Made(kind.__name__, names, frozenset(required.difference(replaced)), until, is_by_name)
        )

    def _convert(self, node: ast.AST) -> None:
        """Note `msgspec.convert({… in row.items() …}, Kind)`."""
        while not isinstance(node, ast.Call) or ast.unparse(node.func) != "msgspec.convert":
            if node is self._function:
                self._unseen(node)
                return
            node = self._parents[node]
        kind = self._struct(node.args[1])
        if kind is None:
            self._unseen(node)
            return
        fields = msgspec.structs.fields(kind)
        required = frozenset(one.name for one in fields if one.required)
        names = [one.name for one in fields]
        self._uses.made.append(Made(kind.__name__, names, required, is_by_name=True))

    def _struct(self, named: ast.expr) -> type[msgspec.Struct] | None:
        kind = getattr(_module(self._path), ast.unparse(named), None)
        return kind if isinstance(kind, type) and issubclass(kind, msgspec.Struct) else None

    def _hand_over(self, call: ast.Call, node: ast.expr, called: str, kind: str) -> None:
        """Go on in a helper function, of this module or another one of ours."""
        helper = getattr(_module(self._path), called, None)
        if not isinstance(helper, FunctionType) or node not in call.args:
            self._unseen(call)
            return
        path = Path(inspect.getfile(helper))
        for found in ast.walk(tree_of(path)):
            if isinstance(found, Function) and found.name == helper.__name__:
                reader = _Reader(path, found, self._uses)
                reader.follow_parameter(call.args.index(node), kind)

    def _ignore(self, node: ast.expr, parent: ast.AST) -> None:
        """Pass over the questions whether there is a row, and how many there are."""
        match parent:
            case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test) if test is node:
                return
            case ast.UnaryOp() | ast.BoolOp() | ast.Compare():
                return
            case ast.Call(func=ast.Name(id=called)) if called in COUNTING:
                return
        self._unseen(node)

    def _unseen(self, node: ast.AST) -> None:
        line = f"{name_of(self._path)}:{getattr(node, 'lineno', self._function.lineno)}"
        self._uses.unseen.append(
            f"{line} uses a row in a way that no test sees: {ast.unparse(node)}"
        )


@cache
def _module(path: Path) -> ModuleType:
    return importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
