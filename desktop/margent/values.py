"""Frozen dataclasses that are quick to make: the first page waits for each class whose values it shows.

For a frozen class `dataclass` writes and compiles six methods at once, which takes most of its time. Here it is the
constructor alone; comparing follows with its first use, and the rest is the same for every class. What comes out is a
dataclass: `fields`, `replace`, `match`, copying and pickling work as ever.
"""

from dataclasses import MISSING, FrozenInstanceError, fields
from dataclasses import dataclass as _dataclass
from typing import TYPE_CHECKING, Any, NoReturn

__all__ = ["value"]

if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass as value
else:

    def value(*, frozen: bool, slots: bool, kw_only: bool = False) -> "Callable[[type], type]":
        """What `dataclass` does with these arguments. Raises TypeError unless the first two are true."""
        if not (frozen and slots):
            raise TypeError("a value is frozen and has slots")
        slotted = _dataclass(init=False, repr=False, eq=False, slots=True, kw_only=kw_only)
        return lambda plain: _complete(slotted(plain))


def _complete(made: Any) -> Any:  # noqa: ANN401 - any dataclass
    """Give a dataclass with slots what makes it a value."""

    def equal(self: object, other: object) -> bool:
        _compare(made)
        return made.__eq__(self, other)  # type: ignore[no-any-return]

    def digest(self: object) -> int:
        _compare(made)
        return hash(self)

    made.__init__ = _constructor(made)
    made.__eq__ = equal
    made.__hash__ = digest
    made.__repr__ = _told
    made.__setattr__ = made.__delattr__ = _barred
    made.__getstate__ = _packed
    made.__setstate__ = _unpacked
    return made


def _compare(made: Any) -> None:  # noqa: ANN401
    """Write out `__eq__` and `__hash__`, when a value of the class is compared or hashed for the first time."""
    mine, theirs = (
        "".join(f"{who}.{spec.name}, " for spec in fields(made) if spec.compare) for who in ("self", "other")
    )
    equal = [
        "def __eq__(self, other):",
        "    if other.__class__ is not self.__class__:",
        "        return NotImplemented",
        f"    return ({mine}) == ({theirs})",
    ]
    made.__eq__ = _compiled(made, equal, {})
    made.__hash__ = _compiled(made, ["def __hash__(self):", f"    return hash(({mine}))"], {})


def _constructor(made: Any) -> Any:  # noqa: ANN401
    """`__init__`, written out: it puts each value straight into its slot, which `__setattr__` does not bar."""
    names: dict[str, Any] = {"MISSING": MISSING}
    given: dict[bool, list[str]] = {False: [], True: []}
    lines: list[str] = []
    for spec in fields(made):
        name, default = spec.name, f"default_{spec.name}"
        names[f"set_{name}"] = made.__dict__[name].__set__
        found = name
        if spec.default_factory is not MISSING:
            names[default] = spec.default_factory
            found = f"{default}() if {name} is MISSING else {name}" if spec.init else f"{default}()"
            shown = f"{name}=MISSING"
        elif spec.default is not MISSING:
            names[default] = spec.default
            found = name if spec.init else default
            shown = f"{name}={default}"
        else:
            shown = name
        if spec.init:
            given[spec.kw_only is True].append(shown)
        lines.append(f"    set_{name}(self, {found})")
    if hasattr(made, "__post_init__"):
        lines.append("    self.__post_init__()")
    parameters = ", ".join(["self", *given[False], *(["*", *given[True]] if given[True] else [])])
    written = _compiled(made, [f"def __init__({parameters}):", *lines], names)
    written.__annotations__ = {spec.name: spec.type for spec in fields(made) if spec.init} | {"return": None}
    return written


def _compiled(made: Any, lines: list[str], names: dict[str, Any]) -> Any:  # noqa: ANN401
    """The method that `lines` define, in which `names` are known."""
    exec("\n".join(lines), names)  # noqa: S102 - of nothing but the names of a class's own fields
    method = names[lines[0][len("def ") : lines[0].index("(")]]
    method.__qualname__ = f"{made.__qualname__}.{method.__name__}"
    method.__module__ = made.__module__
    return method


def _told(self: Any) -> str:  # noqa: ANN401
    shown = ", ".join(f"{spec.name}={getattr(self, spec.name)!r}" for spec in fields(self) if spec.repr)
    return f"{type(self).__qualname__}({shown})"


def _barred(self: object, name: str, *_: object) -> NoReturn:
    raise FrozenInstanceError(f"{type(self).__name__}.{name} cannot be altered")


def _packed(self: Any) -> list[Any]:  # noqa: ANN401
    return [getattr(self, spec.name) for spec in fields(self)]


def _unpacked(self: Any, state: list[Any]) -> None:  # noqa: ANN401
    for spec, found in zip(fields(self), state, strict=True):
        object.__setattr__(self, spec.name, found)
