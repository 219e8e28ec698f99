"""The short id of a page: what it is made of, and what a slip of the pen does to it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import CODE_ALPHABET, CODE_LENGTH, is_page_code, page_code, page_codes

WORDS = st.text(min_size=1, max_size=30)


@given(WORDS, WORDS, WORDS, st.integers(1, 400))
def test_a_code_has_24_characters_and_proves_itself(
    scheme: str, document: str, digest: str, page: int
) -> None:
    code = page_code(scheme, document, digest, page)
    assert len(code) == CODE_LENGTH == 24
    assert set(code) <= set(CODE_ALPHABET)
    assert is_page_code(code)
    assert code == page_code(scheme, document, digest, page)


@given(st.integers(0, 23), st.integers(1, 31), st.integers(1, 999))
def test_one_wrong_character_is_noticed(place: int, step: int, page: int) -> None:
    code = page_code("huadu-2016", "responsibility_letter/440114109", "ab" * 32, page)
    wrong = CODE_ALPHABET[(CODE_ALPHABET.index(code[place]) + step) % 32]
    assert not is_page_code(code[:place] + wrong + code[place + 1 :])


def test_another_scheme_document_version_or_page_has_another_code() -> None:
    given = ("huadu-2016", "responsibility_letter/440114109", "ab" * 32, 1)
    others = [
        ("conghua-2016", *given[1:]),
        (given[0], "responsibility_letter/440114110", *given[2:]),
        (*given[:2], "ac" * 32, 1),
        (*given[:3], 2),
    ]
    assert len({page_code(*one) for one in (given, *others)}) == 5


def test_no_code_looks_like_a_telephone_or_an_unfilled_place() -> None:
    for code in page_codes("s", "d", "v", 5000):
        assert "XX" not in code
        assert not any(code[start : start + 7].isdecimal() for start in range(18))


def test_what_is_no_code_is_none() -> None:
    code = page_code("s", "d", "v", 1)
    for other in ("", code.lower(), code[:-1], code + "0", "https://example.org/", " " + code):
        assert not is_page_code(other)
