"""What actions do is complete: the table of actions and that of handlers name the same things."""

from collections.abc import Callable

from margent.ui.actions import ACTIONS
from margent.ui.app import Program
from margent.ui.handlers import Handlers

Start = Callable[..., Program]


def test_every_action_has_a_handler_and_every_handler_an_action(start: Start) -> None:
    program = start()
    table = Handlers(program.window, program.session, program.style).table()
    submenus = {"recent"}
    assert sorted(table) == sorted(action.name for action in ACTIONS if action.name not in submenus)


def test_every_action_but_a_submenu_is_connected(start: Start) -> None:
    actions = start().window.actions_by_name
    heard = {name for name, action in actions.items() if action.receivers("2triggered(bool)")}
    assert heard == set(actions) - {"recent"}
