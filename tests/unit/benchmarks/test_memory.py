from __future__ import annotations

import os

import pytest

from benchmarks import memory
from benchmarks.memory import file_pages

SMAPS = """\
7f0000000000-7f0000002000 r-xp 00001000 fe:00 42                         /lib/a.so
Rss:                 200 kB
Pss:                  20 kB
Anonymous:            40 kB
VmFlags: rd ex mr mw me
7f0000003000-7f0000004000 rw-p 00000000 00:00 0                          [heap]
Rss:                 100 kB
Pss:                 100 kB
Anonymous:           100 kB
"""


def test_pages_of_files_are_told_apart_from_a_processs_own() -> None:
    assert file_pages(SMAPS) == [(("fe:00", "42", "00001000"), 160)]


def test_the_same_process_twice_shares_its_files_and_not_its_own_pages() -> None:
    once, twice = memory.of([os.getpid()]), memory.of([os.getpid(), os.getpid()])
    assert 0 < once.pss <= once.alone <= once.rss + 0.001
    assert twice.rss == pytest.approx(2 * once.rss, rel=0.1)
    assert twice.alone < 2 * once.alone


def test_a_process_that_is_gone_takes_nothing() -> None:
    assert memory.of([2**30]) == memory.Memory(0, 0, 0)
