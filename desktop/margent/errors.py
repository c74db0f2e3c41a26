"""The one kind of failure the reader is meant to see; anything else is a bug and surfaces as one."""


class MargentError(Exception):
    """A failure with a sentence for the reader: what happened, to which file, and what to do about it."""


class StaleError(MargentError):
    """A change was made against a value that another process has changed meanwhile; nothing was written."""
