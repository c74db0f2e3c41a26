"""What a tree took is the system's again when its blocks are made."""

import sys
from pathlib import Path

import pytest
from lxml import etree

from margent.formats import memory


@pytest.mark.skipif(sys.platform != "linux", reason="of glibc alone")
def test_the_pages_of_a_freed_tree_are_given_back() -> None:
    def held() -> int:
        return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * 4096

    tree = etree.fromstring(b"<a>" + b"<b c='d'>e</b>" * 200_000 + b"</a>")
    full = held()
    del tree
    memory.give_back()
    assert held() < full - 20_000_000
