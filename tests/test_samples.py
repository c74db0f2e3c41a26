"""Each sample is a document of its format by its content alone, and every format has one."""

from __future__ import annotations

import pytest

from margent.formats import FORMATS, Format, format_of, read
from margent.samples import SAMPLES, SENTENCE, sample


def test_every_format_has_a_sample() -> None:
    assert set(SAMPLES) == {format_.module for format_ in FORMATS}


@pytest.mark.parametrize("format_", FORMATS, ids=lambda format_: format_.module)
def test_a_sample_is_read_by_its_format_and_says_so(format_: Format) -> None:
    data, name = sample(format_.module), f"sample{format_.suffixes[0]}"
    assert format_of(data, name) == format_
    document = read(data, name)
    assert f"{SENTENCE}: {format_.module}." in " ".join(document.text.split())
    assert document.notices == ()


@pytest.mark.parametrize("module", SAMPLES)
def test_a_sample_is_the_same_each_time(module: str) -> None:
    assert sample(module) == sample(module)
