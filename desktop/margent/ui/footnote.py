"""A footnote in a pop-over beside the number that was clicked."""

from PySide6.QtCore import QCoreApplication, QRect, Qt
from PySide6.QtWidgets import QLabel, QWidget

from margent.document import Document
from margent.ui.popover import Popover
from margent.ui.style import Style

_WIDTH = 380


def show_footnote(style: Style, over: QWidget, document: Document, label: str, anchor: QRect) -> Popover | None:
    """Show the footnote `label` under `anchor` (pixels in `over`); None when the document has no such note."""
    parts = [block.text for block in document.blocks if block.kind == "footnote" and block.target == label]
    if not parts:
        return None
    popover = Popover(over, QCoreApplication.translate("Footnote", "Footnote %1").replace("%1", label))
    text = QLabel("\n\n".join(parts))
    text.setTextFormat(Qt.TextFormat.PlainText)
    text.setWordWrap(True)
    text.setFixedWidth(_WIDTH)
    text.setFont(style.text_font(15))
    text.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    popover.body.addWidget(text)
    popover.popup(over.mapToGlobal(anchor.bottomLeft()))
    return popover
