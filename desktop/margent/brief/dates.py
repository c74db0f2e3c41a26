"""Dates as an export writes them, in words that no two countries read differently."""

from datetime import date

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def spoken(day: date) -> str:
    """A date as "24 November 2026"."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
