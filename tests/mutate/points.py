"""Where access is decided in the code, and each way to break it: one filter, one condition, one check at a time."""

import ast
import copy
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
GUARDS = re.compile(r"require(_\w+)?|confirm|still_known|demand|check_origin|decide|answer_rule|move|not_archived")
FILTERS = {"filter", "exclude"}
# what is broken in which files: verbs and conditions of policies, guards of services, scopes of reads, the hub
POLICIES = (
    "portal/*/policy.py",
    "messaging/policy.py",
    "coordination/*/policy.py",
    "portal/kernel/grants.py",
    "portal/kernel/standing.py",
)
SERVICES = (
    "*/services/*.py",
    "*/*/services/*.py",
    "*/*/services.py",
    "*/*/seats.py",
    "messaging/seats.py",
    "messaging/posting.py",
    "portal/organizations/acting.py",
)
READS = (
    "*/queries.py",
    "*/*/queries.py",
    "*/responsibilities.py",
    "*/*/responsibilities.py",
    "*/api.py",
    "*/*/api.py",
    "portal/api/viewsets.py",
    "messaging/candidates.py",
)
GATES = ("portal/live/visitor.py", "portal/live/hub.py", "portal/live/log.py", "portal/api/authentication.py")
# of the hub and the log, only what speaks of rights and sessions
RIGHTS = re.compile(r"epoch|held|living|still_members|represent|granted|expires_at|current")
# functions of these files that decide nothing about access
ASIDE = {"idle_limit", "administrators", "people_counts", "audiences_held", "proof_is_fresh", "grant", "ungrant"}


@dataclass(frozen=True)
class Point:
    path: str
    line: int
    end: int
    what: str
    function: str
    tree: ast.Module = field(compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.path}:{self.line} {self.function}: {self.what}"


Break = Callable[[ast.AST], ast.AST]


def points() -> list[Point]:
    return [point for path, kinds in files() for point in of_file(path, kinds)]


def files() -> Iterator[tuple[str, str]]:
    for kinds, patterns in (("policy", POLICIES), ("guard", SERVICES), ("scope", READS), ("gate", GATES)):
        for path in sorted({p for pattern in patterns for p in ROOT.glob(pattern)}):
            if path.parts[len(ROOT.parts)] in ("portal", "messaging", "coordination"):
                yield str(path.relative_to(ROOT)), kinds


def of_file(path: str, kinds: str) -> Iterator[Point]:
    tree = ast.parse((ROOT / path).read_text())
    for function, node in nodes(tree):
        if function.split(".")[-1] not in ASIDE:
            for what, broken in breaks(node, kinds):
                if path in GATES[1:3] and not RIGHTS.search(what):
                    continue
                yield Point(path, node.lineno, node.end_lineno, what, function, with_break(tree, node, broken))


def nodes(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """Each node inside a function, with the function's name."""

    def within(node: ast.AST, name: str, inside: bool) -> Iterator[tuple[str, ast.AST]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                inner = f"{name}.{child.name}".strip(".")
                yield from within(child, inner, inside or not isinstance(child, ast.ClassDef))
            elif inside and hasattr(child, "lineno"):
                yield name, child
                yield from within(child, name, inside)
            elif inside:
                yield from within(child, name, inside)

    yield from within(tree, "", False)


def with_break(tree: ast.Module, node: ast.AST, broken: ast.AST) -> ast.Module:
    """The whole file with one node replaced; line numbers stay."""

    made = copy.deepcopy(tree)
    target = next(new for old, new in zip(ast.walk(tree), ast.walk(made), strict=True) if old is node)

    class Swap(ast.NodeTransformer):
        def visit(self, found: ast.AST) -> ast.AST:
            if found is target:
                return ast.copy_location(copy.deepcopy(broken), target)
            return self.generic_visit(found)

    return ast.fix_missing_locations(Swap().visit(made))


def breaks(node: ast.AST, kinds: str) -> Iterator[tuple[str, ast.AST]]:
    """What this node may be replaced by, in words."""
    match node:
        case ast.Call(func=ast.Attribute(attr=attr, value=rows)) if attr in FILTERS and kinds != "guard":
            yield f"without .{attr}({words(node.args + node.keywords)})", method(rows, "all")
        case ast.Call(func=ast.Attribute(attr="visible", value=policy), args=[_]) if kinds == "scope":
            yield (
                f"{ast.unparse(policy)}.visible → everything",
                ast.parse(f"{ast.unparse(policy)}.model._default_manager.all()", mode="eval").body,
            )
        case ast.Expr(value=ast.Call(func=func)) if GUARDS.fullmatch(last(func)) and kinds in (
            "guard",
            "policy",
            "gate",
            "scope",
        ):
            yield f"without {words([node.value])}", never(node)
        case ast.If(test=test) if kinds in ("policy", "gate"):
            for value in (True, False):
                yield f"if {words([test])} → {value}", ast.If(ast.Constant(value), node.body, node.orelse)
        case ast.IfExp(test=test) if kinds == "policy":
            for value in (True, False):
                yield f"if {words([test])} → {value}", ast.IfExp(ast.Constant(value), node.body, node.orelse)
        case ast.BoolOp(values=values) if kinds in ("policy", "gate"):
            for left_out in values:
                rest = [value for value in values if value is not left_out]
                one = rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
                yield f"without {words([left_out])}", one
        case ast.Expr(value=ast.Yield() | ast.YieldFrom()) if kinds == "policy":
            yield f"without {words([node.value])}", never(node)
        case ast.Return(value=ast.Compare() | ast.UnaryOp() | ast.Call(func=ast.Name(id="any"))) if kinds in (
            "policy",
            "gate",
        ):
            for value in (True, False):
                yield f"{words([node.value])} → {value}", ast.Return(ast.Constant(value))


def never(statement: ast.stmt) -> ast.stmt:
    """It stays where it is, so that the function closes over the same and yields still, and is not run."""
    return ast.If(ast.Constant(False), [statement], [])


def method(rows: ast.expr, name: str) -> ast.expr:
    return ast.Call(ast.Attribute(rows, name, ast.Load()), [], [])


def last(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""


def words(found: list) -> str:  # type: ignore[type-arg]
    text = ", ".join(ast.unparse(one) for one in found)
    return re.sub(r"\s+", " ", text if len(text) < 90 else f"{text[:87]}…")
