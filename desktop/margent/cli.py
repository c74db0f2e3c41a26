"""The command line; Qt is imported only to open the window."""


def main() -> int:
    """Run the command line and return the exit code."""
    return 0
