"""Every action once: its name, text, keys, menu and help. Menus, shortcuts and the shortcut sheet come from here."""

from dataclasses import dataclass

from PySide6.QtCore import QT_TRANSLATE_NOOP


@dataclass(frozen=True, slots=True)
class Action:
    """One command of the program. `text` and `help` are English and go through tr("Actions", ...)."""

    name: str
    text: str
    menu: str
    """The menu it stands in; "" for one that has only a key or a button."""
    keys: tuple[str, ...] = ()
    """Portable key sequences, the first one shown."""
    help: str = ""
    icon: str = ""
    checkable: bool = False
    view: str = ""
    """"read" or "brief" when it makes sense in that view alone, "" for everywhere."""
    divider: bool = False
    """Whether a separator goes before it in its menu."""


def _a(name: str, text: str, menu: str, *keys: str, **rest: object) -> Action:
    return Action(name, text, menu, keys, **rest)  # type: ignore[arg-type]


N = QT_TRANSLATE_NOOP

MENUS = ("File", "Edit", "Annotate", "View", "Go", "Help")

ACTIONS: tuple[Action, ...] = (
    _a(
        "open",
        N("Actions", "Open…"),
        "File",
        "Ctrl+O",
        help=N("Actions", "Open a text or Markdown file"),
        icon="folder-open",
    ),
    _a("recent", N("Actions", "Open recent"), "File", help=N("Actions", "Documents you read lately")),
    _a(
        "brief",
        N("Actions", "Brief"),
        "File",
        "Ctrl+E",
        view="read",
        divider=True,
        help=N("Actions", "Choose points and export an annotated brief"),
    ),
    _a(
        "article",
        N("Actions", "Back to the article"),
        "File",
        "Ctrl+E",
        "Esc",
        view="brief",
        divider=True,
        help=N("Actions", "Leave the brief and read on"),
    ),
    _a(
        "export",
        N("Actions", "Export Markdown…"),
        "File",
        "Ctrl+S",
        view="brief",
        icon="file-down",
        help=N("Actions", "Write the brief to a file"),
    ),
    _a(
        "copy_brief",
        N("Actions", "Copy brief"),
        "File",
        "Ctrl+Shift+C",
        view="brief",
        icon="copy",
        help=N("Actions", "Put the brief on the clipboard as Markdown"),
    ),
    _a(
        "bin",
        N("Actions", "Bin…"),
        "File",
        divider=True,
        icon="trash-2",
        help=N("Actions", "See what was deleted and take it back"),
    ),
    _a("backup", N("Actions", "Back up now…"), "File", help=N("Actions", "Write a verified copy of the library")),
    _a(
        "settings",
        N("Actions", "Settings…"),
        "File",
        "Ctrl+,",
        icon="settings",
        help=N("Actions", "Your name and how Margent behaves"),
    ),
    _a(
        "quit",
        N("Actions", "Quit"),
        "File",
        "Ctrl+Q",
        divider=True,
        help=N("Actions", "Close Margent; everything is saved"),
    ),
    _a("undo", N("Actions", "Undo"), "Edit", "Ctrl+Z", icon="undo-2", help=N("Actions", "Take the last change back")),
    _a(
        "redo",
        N("Actions", "Redo"),
        "Edit",
        "Ctrl+Shift+Z",
        "Ctrl+Y",
        icon="redo-2",
        help=N("Actions", "Do it again after all"),
    ),
    _a(
        "copy",
        N("Actions", "Copy"),
        "Edit",
        "Ctrl+C",
        view="read",
        divider=True,
        icon="copy",
        help=N("Actions", "Copy the selected words"),
    ),
    _a(
        "copy_quote",
        N("Actions", "Copy quote"),
        "Edit",
        "Ctrl+Shift+C",
        view="read",
        icon="copy",
        help=N("Actions", "Copy the selection as a quotation with its source"),
    ),
    _a(
        "select_all",
        N("Actions", "Select all"),
        "Edit",
        "Ctrl+A",
        view="read",
        help=N("Actions", "Select the whole text"),
    ),
    _a(
        "find",
        N("Actions", "Find…"),
        "Edit",
        "Ctrl+F",
        view="read",
        divider=True,
        icon="search",
        help=N("Actions", "Find words in this article"),
    ),
    _a(
        "find_next",
        N("Actions", "Find next"),
        "Edit",
        "F3",
        "Ctrl+G",
        view="read",
        help=N("Actions", "Go to the next hit"),
    ),
    _a(
        "find_previous",
        N("Actions", "Find previous"),
        "Edit",
        "Shift+F3",
        "Ctrl+Shift+G",
        view="read",
        help=N("Actions", "Go to the hit before"),
    ),
    _a(
        "yellow",
        N("Actions", "Highlight yellow"),
        "Annotate",
        "Ctrl+1",
        view="read",
        help=N("Actions", "Highlight the selection in yellow, or recolour the chosen note"),
    ),
    _a(
        "green",
        N("Actions", "Highlight green"),
        "Annotate",
        "Ctrl+2",
        view="read",
        help=N("Actions", "The same in green"),
    ),
    _a(
        "blue", N("Actions", "Highlight blue"), "Annotate", "Ctrl+3", view="read", help=N("Actions", "The same in blue")
    ),
    _a(
        "pink", N("Actions", "Highlight pink"), "Annotate", "Ctrl+4", view="read", help=N("Actions", "The same in pink")
    ),
    _a(
        "purple",
        N("Actions", "Highlight purple"),
        "Annotate",
        "Ctrl+5",
        view="read",
        help=N("Actions", "The same in purple"),
    ),
    _a(
        "underline",
        N("Actions", "Underline"),
        "Annotate",
        "Ctrl+6",
        "Ctrl+U",
        view="read",
        icon="underline",
        help=N("Actions", "Underline the selection instead"),
    ),
    _a(
        "note",
        N("Actions", "Note"),
        "Annotate",
        "Ctrl+M",
        view="read",
        divider=True,
        icon="message-square-plus",
        help=N("Actions", "Highlight the selection and write a note, or edit the chosen one"),
    ),
    _a(
        "question",
        N("Actions", "Question"),
        "Annotate",
        "Ctrl+Shift+Q",
        view="read",
        icon="circle-help",
        help=N("Actions", "Make it a question to raise"),
    ),
    _a(
        "action",
        N("Actions", "Action"),
        "Annotate",
        "Ctrl+Shift+A",
        view="read",
        icon="circle-check-big",
        help=N("Actions", "Make it an action to take"),
    ),
    _a(
        "position",
        N("Actions", "Position"),
        "Annotate",
        "Ctrl+Shift+P",
        view="read",
        icon="flag",
        help=N("Actions", "Make it a position to hold"),
    ),
    _a(
        "theme",
        N("Actions", "Theme…"),
        "Annotate",
        "Ctrl+T",
        view="read",
        icon="tag",
        help=N("Actions", "File the selection or the chosen note under a theme"),
    ),
    _a(
        "reply",
        N("Actions", "Reply"),
        "Annotate",
        "Ctrl+R",
        view="read",
        icon="reply",
        help=N("Actions", "Answer the chosen note"),
    ),
    _a(
        "done",
        N("Actions", "Tick"),
        "Annotate",
        "Ctrl+Return",
        view="read",
        icon="square-check",
        help=N("Actions", "Tick or untick the chosen question or action"),
    ),
    _a(
        "private",
        N("Actions", "Private"),
        "Annotate",
        "Ctrl+Shift+L",
        view="read",
        icon="lock",
        help=N("Actions", "Keep the chosen note out of briefs, or let it in"),
    ),
    _a(
        "delete",
        N("Actions", "Delete"),
        "Annotate",
        "Del",
        view="read",
        divider=True,
        icon="trash-2",
        help=N("Actions", "Put the chosen note in the bin"),
    ),
    _a(
        "sidebar",
        N("Actions", "Sidebar"),
        "View",
        "Ctrl+B",
        checkable=True,
        icon="panel-left",
        view="read",
        help=N("Actions", "Show or hide the sidebar"),
    ),
    _a(
        "margin",
        N("Actions", "Margin"),
        "View",
        "Ctrl+Shift+M",
        checkable=True,
        view="read",
        help=N("Actions", "Show or fold the margin"),
    ),
    _a(
        "larger",
        N("Actions", "Larger text"),
        "View",
        "Ctrl++",
        "Ctrl+=",
        divider=True,
        help=N("Actions", "One step larger"),
    ),
    _a("smaller", N("Actions", "Smaller text"), "View", "Ctrl+-", help=N("Actions", "One step smaller")),
    _a("normal", N("Actions", "Normal size"), "View", "Ctrl+0", help=N("Actions", "Back to the usual size")),
    _a(
        "typography",
        N("Actions", "Text and appearance…"),
        "View",
        "Ctrl+Shift+T",
        icon="type",
        help=N("Actions", "Typeface, size, line length, leading and colours"),
    ),
    _a(
        "caret",
        N("Actions", "Caret browsing"),
        "View",
        "F7",
        checkable=True,
        view="read",
        divider=True,
        help=N("Actions", "Move through the text and select with the keyboard"),
    ),
    _a(
        "full_screen",
        N("Actions", "Full screen"),
        "View",
        "F11",
        checkable=True,
        help=N("Actions", "Nothing but the page"),
    ),
    _a(
        "themes_tab",
        N("Actions", "Themes"),
        "Go",
        "Alt+1",
        view="read",
        help=N("Actions", "The themes of this article"),
    ),
    _a("contents_tab", N("Actions", "Contents"), "Go", "Alt+2", view="read", help=N("Actions", "Its headings")),
    _a(
        "notes_tab",
        N("Actions", "Notes"),
        "Go",
        "Alt+3",
        view="read",
        help=N("Actions", "All annotations in reading order"),
    ),
    _a(
        "next_note",
        N("Actions", "Next annotation"),
        "Go",
        "Alt+Down",
        view="read",
        divider=True,
        help=N("Actions", "Go to the annotation after this one"),
    ),
    _a(
        "previous_note",
        N("Actions", "Previous annotation"),
        "Go",
        "Alt+Up",
        view="read",
        help=N("Actions", "Go to the annotation before"),
    ),
    _a(
        "next_passage",
        N("Actions", "Next passage"),
        "Go",
        "Ctrl+Down",
        view="read",
        help=N("Actions", "Go to the next passage of the chosen theme"),
    ),
    _a(
        "previous_passage",
        N("Actions", "Previous passage"),
        "Go",
        "Ctrl+Up",
        view="read",
        help=N("Actions", "Go to the passage before"),
    ),
    _a(
        "next_pane",
        N("Actions", "Next pane"),
        "Go",
        "F6",
        divider=True,
        help=N("Actions", "Move the focus between sidebar, page and margin"),
    ),
    _a(
        "shortcuts",
        N("Actions", "Keyboard shortcuts"),
        "Help",
        "Ctrl+/",
        icon="keyboard",
        help=N("Actions", "This sheet"),
    ),
    _a(
        "guide",
        N("Actions", "Reading and briefing with Margent"),
        "Help",
        "F1",
        help=N("Actions", "Open the bundled guide"),
    ),
    _a(
        "about", N("Actions", "About Margent"), "Help", help=N("Actions", "Version, licences and where your library is")
    ),
)
