from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import OutputError
from pipeline.history import History, verify
from tests.history.papers import AT, paper, store

PATH = "内部/花都区/梯面镇/责任书.pdf"


def test_a_paper_lies_where_people_open_it_and_is_renewed(tmp_path: Path) -> None:
    with History.open(store(tmp_path)) as history:
        for text in ("一", "二"):
            versions = history.record([paper(text, path=PATH)], at=AT, operator="王五")
            assert history.publish(versions).written == (PATH,)
            assert (tmp_path / PATH).read_text() == f"%PDF {text}"
            again = history.publish(versions)
            assert (again.written, again.kept) == ((), (PATH,))
    assert verify(store(tmp_path), tmp_path)[0] == ()


def test_a_paper_edited_by_hand_is_not_overwritten(tmp_path: Path) -> None:
    with History.open(store(tmp_path)) as history:
        history.publish(history.record([paper("一", path=PATH)], at=AT, operator="王五"))
        (tmp_path / PATH).write_text("改过的话")
        became = history.publish(history.record([paper("二", path=PATH)], at=AT, operator="王五"))
        assert (became.written, became.edited) == ((), (PATH,))
        assert (tmp_path / PATH).read_text() == "改过的话"
    (fault,), counts = verify(store(tmp_path), tmp_path)
    assert (fault.what, fault.name, fault.problem) == ("output", PATH, "已手改")
    assert counts["outputs_edited"] == 1


def test_a_file_that_was_there_before_us_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / PATH).parent.mkdir(parents=True)
    (tmp_path / PATH).symlink_to(tmp_path / "elsewhere")
    with History.open(store(tmp_path)) as history:
        became = history.publish(history.record([paper("一", path=PATH)], at=AT, operator="王五"))
    assert became.edited == (PATH,)
    assert not (tmp_path / "elsewhere").exists()


def test_a_deleted_paper_comes_back_and_an_old_one_is_told(tmp_path: Path) -> None:
    with History.open(store(tmp_path)) as history:
        (first,) = history.record([paper("一", path=PATH)], at=AT, operator="王五")
        history.publish([first])
        (second,) = history.record([paper("二", path=PATH)], at=AT, operator="王五")
        assert [fault.problem for fault in verify(store(tmp_path), tmp_path)[0]] == ["是以前的版本"]
        (tmp_path / PATH).unlink()
        assert [fault.problem for fault in verify(store(tmp_path), tmp_path)[0]] == ["不见了"]
        assert history.publish([second]).written == (PATH,)


def test_a_bound_file_is_written_from_the_bytes_handed_over(tmp_path: Path) -> None:
    with History.open(store(tmp_path)) as history:
        bound = history.record([paper("卷", path=PATH, stored=False)], at=AT, operator="王五")
        assert history.publish(bound).absent == (PATH,)
        assert history.publish(bound, rebuilt={PATH: b"other bytes"}).absent == (PATH,)
        assert history.publish(bound, rebuilt={PATH: "%PDF 卷".encode()}).written == (PATH,)
        assert history.publish(bound).kept == (PATH,)
    assert verify(store(tmp_path), tmp_path)[0] == ()


@pytest.mark.parametrize(
    "path", ["../x.pdf", "/x.pdf", "内部//x.pdf", "./x.pdf", "内部\\x.pdf", "store/log/1.pdf"]
)
def test_no_paper_is_written_outside_its_tree(tmp_path: Path, path: str) -> None:
    outputs = tmp_path / "outputs"
    with History.open(store(outputs)) as history:
        versions = history.record([paper("一", path=path)], at=AT, operator="王五")
        with pytest.raises(OutputError):
            history.publish(versions)
    assert not list(tmp_path.rglob("x.pdf"))
    assert not (outputs / "store/log/1.pdf").exists()
