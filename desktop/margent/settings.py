"""Every setting once: a typed field with its default and its meaning, kept as TOML; and the user's folders."""

import os
from dataclasses import field, fields, replace
from pathlib import Path
from typing import Any

from margent import toml
from margent.errors import MargentError
from margent.values import value


def _setting(default: Any, meaning: str, **limits: Any) -> Any:  # noqa: ANN401
    return field(default=default, metadata={"meaning": meaning, **limits})


@value(frozen=True, slots=True)
class Settings:
    """What the reader has chosen. Read with `load`, changed with `save`; never altered in place."""

    author: str = _setting("", "Your name, as colleagues see it on your notes; empty shows as “You” and leaves it out")
    appearance: str = _setting(
        "system",
        "Colours of the window: system follows the desktop's dark mode",
        choices=("system", "light", "sepia", "dark", "contrast"),
    )
    face: str = _setting("Source Serif 4", "Typeface of the text")
    size: int = _setting(18, "Size of the text in pixels", least=11, most=40)
    leading: float = _setting(1.55, "Distance from line to line, in heights of the text", least=1.1, most=2.4)
    measure: int = _setting(66, "Length of a line in characters", least=45, most=90)
    sidebar: bool = _setting(True, "Whether the sidebar is shown")
    sidebar_width: int = _setting(272, "Width of the sidebar in pixels", least=200, most=480)
    margin: bool = _setting(True, "Whether the margin with the notes is shown")
    colour: str = _setting("yellow", "Colour of a new highlight", choices=("yellow", "green", "blue", "pink", "purple"))
    inherit_theme: bool = _setting(True, "Whether a new highlight takes the theme of the passage it stands in")
    ask_links: bool = _setting(True, "Whether to show an address and ask before the browser opens it")
    find_words: bool = _setting(False, "Whether Find looks for whole words only")
    find_accents: bool = _setting(False, "Whether Find tells letters with accents from those without")
    daily_backup: bool = _setting(True, "Whether the library is copied once a day at start")


def load(path: Path) -> Settings:
    """The settings in the TOML file at `path`; defaults for what it does not say or says out of range.

    Raises MargentError when the file is there and is not TOML.
    """
    try:
        found = toml.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError) as error:
        raise MargentError(f"The settings in {path} cannot be read: {error}. Mend or remove the file.") from error
    known: dict[str, Any] = {}
    for spec in fields(Settings):
        value: Any = found.get(spec.name)
        default: Any = spec.default
        if isinstance(default, float) and type(value) is int:
            value = float(value)
        if type(value) is not type(default):
            continue
        limits = spec.metadata
        if ("choices" in limits and value not in limits["choices"]) or (
            "least" in limits and not limits["least"] <= value <= limits["most"]
        ):
            continue
        known[spec.name] = value
    return replace(Settings(), **known)


def within(settings: Settings) -> Settings:
    """`settings` with every number brought into the range its setting allows."""
    held = {
        spec.name: min(max(getattr(settings, spec.name), spec.metadata["least"]), spec.metadata["most"])
        for spec in fields(Settings)
        if "least" in spec.metadata
    }
    return replace(settings, **held)


def save(path: Path, settings: Settings) -> None:
    """Write what differs from the defaults to `path`, keeping comments and keys of others.

    Raises MargentError when the file cannot be written, or read to begin with; the old one then stands.
    """
    import tomlkit  # noqa: PLC0415 - reading settings at start does not need it

    try:
        document = tomlkit.parse(path.read_text("utf-8")) if path.exists() else tomlkit.document()
        for spec in fields(Settings):
            value = getattr(settings, spec.name)
            if value != spec.default:
                document[spec.name] = value
            elif spec.name in document:
                del document[spec.name]
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(path.name + ".new")
        draft.write_text(tomlkit.dumps(document), "utf-8")
        draft.replace(path)
    except OSError as error:
        raise MargentError(f"The settings could not be saved to {path}: {error.strerror}.") from error
    except (tomlkit.exceptions.TOMLKitError, UnicodeDecodeError) as error:
        raise MargentError(
            f"The settings could not be saved to {path}, which is no TOML: {error}. Mend or remove the file."
        ) from error


@value(frozen=True, slots=True)
class Folders:
    """Where Margent keeps things. `library` holds library.db, its backups and the user's templates."""

    library: Path
    config: Path

    @property
    def settings(self) -> Path:
        """The settings file."""
        return self.config / "settings.toml"

    @property
    def templates(self) -> Path:
        """The folder of the user's own brief templates."""
        return self.library / "templates"


def folders(library: str | os.PathLike[str] | None = None) -> Folders:
    """The folders in force: `library`, else MARGENT_LIBRARY, else the platform's data folder for Margent."""
    given = library or os.environ.get("MARGENT_LIBRARY")
    config = os.environ.get("MARGENT_CONFIG")
    if given and config:
        return Folders(Path(given).expanduser().absolute(), Path(config).expanduser().absolute())
    import platformdirs  # noqa: PLC0415 - not needed where both folders are given

    data = Path(given).expanduser().absolute() if given else platformdirs.user_data_path("margent", appauthor=False)
    settings = Path(config).expanduser() if config else platformdirs.user_config_path("margent", appauthor=False)
    return Folders(data, settings)
