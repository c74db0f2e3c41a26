"""Jinja for templates that colleagues pass around: they see what they are given, they end, and they repeat themselves.

Jinja's own sandbox keeps Python's insides away, and nothing else: a loop in a loop runs for hours, ten lines that
double a text fill the memory, `random` writes another brief each time. So every turn of a loop, every call and every
character costs from a budget, values have no methods, and only filters whose cost and outcome are plain remain.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, cast

from jinja2 import Environment, FunctionLoader, StrictUndefined, TemplateNotFound, nodes, pass_context
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

_STEP, _CALL = 32, 512
"""What a turn of a loop and a call cost, in characters: so many take about as long to write."""
_MOST_DIGITS = 10**18
_FILTERS = (
    "abs", "capitalize", "count", "d", "default", "dictsort", "first", "float", "groupby", "int", "items", "last",
    "length", "list", "lower", "map", "max", "min", "reject", "rejectattr", "reverse", "select", "selectattr", "sort",
    "string", "title", "trim", "truncate", "unique", "upper", "wordcount",
)  # fmt: skip
_GLOBALS = ("range", "dict", "namespace")


Read = Callable[[str], tuple[str, Path] | None]
"""Gives the source and the file of a template by its name, or None."""


def unbounded(read: Read) -> Environment:
    """An environment for templates that nobody but Margent wrote."""
    return Environment(
        loader=_loader(read),
        autoescape=False,  # noqa: S701 - they write Markdown, and the values bring its escapes
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
    )


def _loader(read: Read) -> FunctionLoader:
    def load(name: str) -> tuple[str, str, Callable[[], bool]]:
        found = read(name)
        if found is None:
            raise TemplateNotFound(name)
        return found[0], str(found[1]), lambda: True

    return FunctionLoader(load)


class Bounded(ImmutableSandboxedEnvironment):
    """An environment whose templates may do work worth `budget` characters in all. It is for one rendering."""

    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self, read: Read, budget: int) -> None:
        super().__init__(
            loader=_loader(read),
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            undefined=StrictUndefined,
            finalize=self._written,
        )
        self.code_generator_class = _Generator
        self.filters = {name: self.filters[name] for name in _FILTERS}
        self.filters |= {"join": self._join, "replace": self._replace}
        self.filters |= {_COUNTED: self._counted, _CHARGED: self._charged, _JOINED: self._joined}
        self.globals = {name: self.globals[name] for name in _GLOBALS}
        self._left = budget

    def spend(self, characters: int) -> None:
        """Take from the budget. Raises SecurityError when it is used up."""
        self._left -= characters
        if self._left < 0:
            raise SecurityError("it does not come to an end; look at its loops and at what they repeat")

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:  # noqa: ANN401 - whatever a template holds
        """Whether a template may read it: what Margent gave it and loops are open, words and lists have no methods."""
        home = type(obj).__module__.partition(".")[0]
        return home in {"margent", "jinja2"} and super().is_safe_attribute(obj, attr, value)

    def call(self, context: Context, obj: Any, /, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        """Call a macro or the like, at a price."""
        self.spend(_CALL)
        return super().call(context, obj, *args, **kwargs)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401
        """Reckon with numbers and put lists and words together, none of them without bounds."""
        if operator == "+" and isinstance(left, (str, list, tuple)) and type(left) is type(right):
            self.spend(len(left) + len(right))
        elif operator == "**" or not (isinstance(left, (int, float)) and isinstance(right, (int, float))):
            raise SecurityError(f"“{operator}” cannot be used here")
        elif abs(left) > _MOST_DIGITS or abs(right) > _MOST_DIGITS:
            raise SecurityError("a number grew too large")
        return super().call_binop(context, operator, left, right)

    def _written(self, value: Any) -> Any:  # noqa: ANN401
        """What `{{ }}` writes: words and numbers, for other things look different each time."""
        if isinstance(value, str):
            self.spend(len(value))
        elif value is not None and not isinstance(value, (int, float, Undefined)):
            raise SecurityError(f"a {type(value).__name__} cannot be written; name one of its parts")
        return value

    @pass_context
    def _counted(self, _context: Context, values: Iterable[Any], cost: int) -> Iterator[Any]:
        for value in values:
            self.spend(_STEP + cost)
            yield value

    @pass_context
    def _charged(self, _context: Context, cost: int) -> str:
        self.spend(cost)
        return ""

    @pass_context
    def _joined(self, _context: Context, parts: Sequence[Any]) -> str:
        text = "".join(str(part) for part in parts)
        self.spend(len(text))
        return text

    def _join(self, values: Iterable[Any], between: str = "") -> str:
        """The words in a list with others between them."""
        parts = [str(value) for value in values]
        self.spend(sum(map(len, parts)) + len(between) * len(parts))
        return between.join(parts)

    def _replace(self, text: str, old: str, new: str) -> str:
        """`text` with every `old` as `new`."""
        self.spend(len(text) + text.count(old) * len(new))
        return text.replace(old, new)


_COUNTED, _CHARGED, _JOINED = "margent counted", "margent charged", "margent joined"
"""Filters that no template can name, put in by `_Bounds`."""


class _Generator(CodeGenerator):
    """Bounds a template between reading and compiling it."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802 - Jinja's name
        _Bounds().visit(node)
        node.set_environment(self.environment)
        super().visit_Template(node, frame)


class _Bounds(NodeTransformer):
    """Puts the prices into a template: on loops, and on what is written by a macro, a block or the template itself."""

    def visit_For(self, node: nodes.For) -> nodes.For:  # noqa: N802
        self.generic_visit(node)
        node.iter = _filter(node.iter, _COUNTED, node.lineno, nodes.Const(_static(node), lineno=node.lineno))
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Filter:  # noqa: N802
        self.generic_visit(node)
        return _filter(nodes.List(node.nodes, lineno=node.lineno), _JOINED, node.lineno)

    def _body(self, node: Any) -> Any:  # noqa: ANN401 - nodes with a body
        self.generic_visit(node)
        price = _filter(nodes.Const(_static(node), lineno=node.lineno), _CHARGED, node.lineno)
        node.body.insert(0, nodes.Output([price], lineno=node.lineno))
        return node

    visit_Template = visit_Macro = visit_Block = visit_CallBlock = _body  # noqa: N815


def _static(node: nodes.Node) -> int:
    return sum(len(text.data) for text in node.find_all(nodes.TemplateData))


def _filter(node: nodes.Node, name: str, line: int, *arguments: nodes.Expr) -> nodes.Filter:
    return nodes.Filter(cast("nodes.Expr", node), name, list(arguments), [], None, None, lineno=line)
