"""TOML: what Margent and its resources write is read here in a moment, everything else by tomllib.

The first page waits for the settings and for an appearance, and to load tomllib takes longer than to read them.
"""

from typing import Any


def loads(text: str) -> dict[str, Any]:
    """What `text` says, as tomllib reads it. Raises tomllib.TOMLDecodeError (a ValueError) where it is no TOML."""
    found = _plain(text)
    if found is not None:
        return found
    import tomllib  # noqa: PLC0415 - most files are plain

    return tomllib.loads(text)


def _plain(text: str) -> dict[str, Any] | None:
    """Tables of one level with one plain value on a line; None for a text with anything else in it."""
    if not text.replace("\n", "").isprintable():
        return None
    root: dict[str, Any] = {}
    table = root
    for line in text.split("\n"):
        line = line.strip(" ")  # noqa: PLW2901
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            name = line[1:-1]
            if not line.endswith("]") or not _is_bare(name) or name in root:
                return None
            table = root[name] = {}
            continue
        key, _, written = line.partition("=")
        key, value = key.strip(" "), _value(written.strip(" "))
        if value is None or not _is_bare(key) or key in table:
            return None
        table[key] = value
    return root


def _is_bare(key: str) -> bool:
    return key.isascii() and key.replace("_", "a").replace("-", "a").isalnum()


def _value(written: str) -> str | bool | int | float | None:
    if written.startswith('"'):
        inner = written[1:-1]
        plain = len(written) > 1 and written.endswith('"') and '"' not in inner and "\\" not in inner
        return inner if plain else None
    if written in {"true", "false"}:
        return written == "true"
    whole, point, fraction = written.partition(".")
    if not _is_number(whole) or (whole[0] == "0" and whole != "0"):
        return None
    if not point:
        return int(whole)
    return float(written) if _is_number(fraction) else None


def _is_number(digits: str) -> bool:
    # Fewer digits than a float tells apart, so that none is lost here or there.
    return digits.isascii() and digits.isdigit() and len(digits) < 16
