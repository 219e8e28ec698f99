"""What stands around the store: the outputs people open, and the SQL cache."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from pipeline.history.examine.chain import Chain
from pipeline.history.examine.notes import Notes, hash_file

_LAYOUT = 3
"""Tables of another layout are made again at the next question."""
_EVENT = "at, operator, what, reason"
_VERSION = "document, number, title, kind, level, subject, period, pages, supersedes"


def check_outputs(
    outputs: Path,
    versions: dict[str, dict[str, Any]],
    chain: Chain,
    notes: Notes,
    *,
    unread: bool,
) -> None:
    """Hold the outputs tree against what was issued and the newest version of every document.

    If some versions are `unread`, a file that the store holds may well be of one of them.
    """
    ours: dict[str, set[str]] = {}
    for value in versions.values():
        for file in value["files"]:
            ours.setdefault(file["path"], set()).add(file["sha256"])
    for name, digest in sorted(_expected(versions, chain).items()):
        path = outputs / name
        if ".." in path.parts or not path.is_relative_to(outputs):
            notes.fault("manifest", name, "文件路径越出输出文件夹")
            continue
        there = hash_file(path) if path.is_file() else ""
        if there == digest:
            notes.counts["outputs"] += 1
            notes.counts["read"] += path.stat().st_size
        elif not there:
            notes.counts["outputs_missing"] += 1
            notes.fault("output", name, "不见了")
        elif there in ours[name]:
            notes.counts["outputs_outdated"] += 1
            notes.fault("output", name, "是以前的版本")
        elif unread and (outputs / "store/sha256" / there[:2] / there).is_file():
            continue
        else:
            notes.counts["outputs_edited"] += 1
            notes.fault("output", name, "已手改")


def _expected(versions: dict[str, dict[str, Any]], chain: Chain) -> dict[str, str]:
    """Return what should lie at each path: of two versions that were put there, the later."""
    newest = {value["document"]: name for name, value in versions.items()}
    expected: dict[str, str] = {}
    for name, value in versions.items():
        if name in chain.withdrawn:
            for file in value["files"]:
                expected.pop(file["path"], None)
        elif name in chain.issued or newest[value["document"]] == name:
            expected |= {file["path"]: file["sha256"] for file in value["files"]}
    return expected


def check_cache(path: Path, chain: Chain, notes: Notes) -> None:
    """Hold the SQL cache against the log; it may be behind, but not tell another story."""
    if not path.exists():
        notes.counts["cache_behind"] = len(chain.events)
        return
    try:
        # On a read-only disk SQLite can't make the files it wants beside the cache.
        how = "mode=ro" if os.access(path.parent, os.W_OK) else "immutable=1"
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True)) as cache:
            for problem in _disagreements(cache, chain, notes):
                notes.fault("cache", path.name, problem)
    except (sqlite3.Error, ValueError, KeyError, TypeError) as error:
        notes.fault("cache", path.name, f"读不出来，下次提问时重建：{error}")


def _disagreements(cache: sqlite3.Connection, chain: Chain, notes: Notes) -> Iterator[str]:
    last = 0
    for number, digest, body in cache.execute("SELECT sequence, digest, body FROM events"):
        last = max(last, number)
        if number not in chain.events:
            yield f"记得第 {number} 号事件，日志里却没有：日志被截短过"
        elif chain.events[number] != digest:
            yield f"所记的第 {number} 号事件与日志不同：其中之一被换过"
        if hashlib.sha256(body.encode()).hexdigest() != digest:
            yield f"所记的第 {number} 号事件已损坏"
    notes.counts["cache_behind"] = max(0, chain.last - last)
    (layout,) = cache.execute("PRAGMA user_version").fetchone()
    if layout == _LAYOUT:
        yield from _tables(cache, chain, level=last == chain.last)


def _tables(cache: sqlite3.Connection, chain: Chain, *, level: bool) -> Iterator[str]:
    """Hold each column against the body it was taken from; `level` if the cache isn't behind."""
    for number, body, *told in cache.execute(f"SELECT sequence, body, {_EVENT} FROM events"):
        if told != [json.loads(body)[name] for name in _EVENT.split(", ")]:
            yield f"所记的第 {number} 号事件与其原文不符"
    known: dict[str, str] = {}
    corrects: dict[str, str] = {}
    for name, body, state, *told in cache.execute(
        f"SELECT manifest, body, state, {_VERSION} FROM versions JOIN manifests USING (id)"
    ):
        known[name] = state
        if hashlib.sha256(body.encode()).hexdigest() != name:
            yield f"所记的版本 {name} 已损坏"
            continue
        said = json.loads(body)
        corrects[name] = said.get("supersedes", "")
        if told != [said.get(column, "") for column in _VERSION.split(", ")]:
            yield f"所记的版本 {name} 与其清单不符"
    if level and known.keys() != chain.named.keys():
        yield "所记的版本与日志不同"
    elif level:
        right = _states(cache, corrects)
        for name, state in known.items():
            if right[name] != state:
                yield f"所记的版本 {name} 的状态不对：应为 {right[name]}，记作 {state}"


def _states(cache: sqlite3.Connection, corrects: dict[str, str]) -> dict[str, str]:
    """Work out the state of every version anew from the events."""
    found = dict.fromkeys(corrects, "draft")
    for (body,) in cache.execute("SELECT body FROM events ORDER BY sequence"):
        event = json.loads(body)
        what = event["what"]
        for name in event["versions"]:
            if what in ("issued", "withdrawn") or (what == "signed" and found[name] == "issued"):
                found[name] = what
            if what == "issued" and corrects[name]:
                found[corrects[name]] = "superseded"
    return found
