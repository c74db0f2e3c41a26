from datetime import date

from margent.brief.dates import spoken


def test_a_date_is_written_in_words() -> None:
    assert spoken(date(2026, 11, 24)) == "24 November 2026"
    assert spoken(date(2027, 1, 5)) == "5 January 2027"
