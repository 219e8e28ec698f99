"""The life of a paper: draft, issued, signed, superseded or withdrawn; computed from events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from pipeline.model.paper import Event, Version

LifeState = Literal["draft", "issued", "signed", "superseded", "withdrawn"]
STATES: Mapping[LifeState, str] = {
    "draft": "草稿",
    "issued": "已印发",
    "signed": "已签署",
    "superseded": "已被更正",
    "withdrawn": "已撤回",
}
"""Each state and its word."""
CHANGES = frozenset({"issued", "signed", "withdrawn"})
"""What can happen to a version that changes its state."""


def after(what: str, state: LifeState) -> LifeState:
    """Return the state a version is in after something has happened to it."""
    match what:
        case "issued":
            return "issued"
        case "signed" if state == "issued":
            return "signed"
        case "withdrawn":
            return "withdrawn"
    return state


def states(versions: Iterable[Version], events: Iterable[Event]) -> dict[str, LifeState]:
    """Compute the state of each version of some documents from what happened to them.

    A version is superseded when the correction that names it is issued, and stays so if that
    correction is withdrawn: what was wrong doesn't come into force again by itself.

    Args:
        versions: All versions of the documents.
        events: Everything that happened, oldest first; what is about other versions is passed over.

    Returns:
        Manifest digest to state.
    """
    known = {version.manifest: version for version in versions}
    found: dict[str, LifeState] = dict.fromkeys(known, "draft")
    for event in events:
        for version in (known[name] for name in event.versions if name in known):
            found[version.manifest] = after(event.what, found[version.manifest])
            if event.what == "issued" and version.supersedes in found:
                found[version.supersedes] = "superseded"
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """All versions of one document, oldest first, each with its state."""

    versions: tuple[Version, ...]
    states: Mapping[str, LifeState]
    """Manifest digest to state."""

    @property
    def newest(self) -> Version:
        """The version recorded last."""
        return self.versions[-1]

    @property
    def standing(self) -> Version | None:
        """The version in force: issued or signed, neither corrected nor withdrawn."""
        found = [one for one in self.versions if self.state(one) in ("issued", "signed")]
        return found[-1] if found else None

    @property
    def out(self) -> tuple[Version, ...]:
        """The versions whose files lie in the outputs: what was issued, and the newest.

        Of two with the same path the later one; nothing of what was withdrawn.
        """
        last: dict[str, Version] = {}
        for one in self.versions:
            if one is self.newest or self.state(one) != "draft":
                last |= dict.fromkeys((file.path for file in one.files), one)
        there = {one.manifest: one for one in last.values()}
        return tuple(one for one in there.values() if self.state(one) != "withdrawn")

    def state(self, version: Version) -> LifeState:
        """Return the state of one of its versions."""
        return self.states[version.manifest]
