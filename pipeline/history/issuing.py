"""The life of a paper after its draft: numbered, issued, withdrawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.errors import UsageError
from pipeline.history import numbers
from pipeline.history.manifest import NewVersion
from pipeline.history.recording import Recording
from pipeline.model import STATES, Event, Numbered, Series, Version


class Issuing(Recording):
    """Gives numbers, freezes drafts, withdraws what was issued."""

    def reserve(
        self, wanted: Sequence[numbers.Wanted], *, at: str, operator: str
    ) -> tuple[str, ...]:
        """Give papers their 发文字号, before they are printed: no number is ever given twice.

        A number is the document's from here on. If the run dies before the paper is issued, the
        next one is given the same number again.

        Returns:
            The numbers in the order of the papers.

        Raises:
            UsageError: when a number asked for isn't free.
            HistoryError: when the disk refuses, the log is damaged, or another run is writing.
        """
        with self._writing(at):
            taken = self._taken()
            given = numbers.assign(wanted, taken)
            new = [
                (one.draft.manifest, text)
                for one, text in zip(wanted, given, strict=True)
                if text not in taken
            ]
            if new:
                self._log.append(
                    numbers.NUMBERED,
                    [manifest for manifest, _ in new],
                    at=at,
                    operator=operator,
                    reason=numbers.SEPARATOR.join(text for _, text in new),
                )
        return given

    def issue(
        self, entries: Iterable[tuple[NewVersion, Version]], *, at: str, operator: str
    ) -> tuple[Version | None, ...]:
        """Remember the frozen versions of papers that are issued, in one event.

        Args:
            entries: Each with the draft it was frozen from.
            at: When, UTC, RFC 3339.
            operator: Who.

        Returns:
            The versions in the same order; None where the draft is no longer the newest version,
            because somebody else issued the paper or made it anew meanwhile.

        Raises:
            HistoryError: when the disk refuses, the log is damaged, or another run is writing.
        """
        given = list(entries)
        news = self._kept(entry for entry, _ in given)
        with self._writing(at):
            latest = self._cache.latest(new.document for new in news)
            ready = [
                new
                for new, (_, draft) in zip(news, given, strict=True)
                if latest[new.document].manifest == draft.manifest
            ]
            versions = self._next(ready)
            if versions:
                names = [version.manifest for version in versions]
                self._log.append("issued", names, at=at, operator=operator)
        issued = {version.document: version for version in versions}
        return tuple(issued.get(entry.document) for entry, _ in given)

    def withdraw(self, version: Version, *, at: str, operator: str, reason: str) -> Event:
        """Withdraw an issued or signed version, or an edited draft; its bytes are kept.

        Raises:
            UsageError: when its state doesn't allow it, or no reason is given.
            HistoryError: when another run is writing.
        """
        if not reason.strip():
            raise UsageError("撤回要写明原因", todo="加上 --reason")
        with self._writing(at):
            state = self.lives([version.document])[version.document].state(version)
            if state not in ("issued", "signed") and (state, version.origin) != ("draft", "edited"):
                raise UsageError(
                    f"{version.title}第{version.number}版是{STATES[state]}，不能撤回",
                    todo="只有已印发、已签署的文书和手改稿可以撤回",
                )
            names = [version.manifest]
            return self._log.append("withdrawn", names, at=at, operator=operator, reason=reason)

    def ledger(self, series: Series) -> tuple[Numbered, ...]:
        """Return every number of a series up to the highest known, each with its explanation."""
        return numbers.ledger(series, self._taken())

    def _taken(self) -> dict[str, numbers.Taken]:
        """Return every 发文字号 that was given, with the paper that has it."""
        events = self._cache.events()
        drafts = {
            name for event in events if event.what == numbers.NUMBERED for name in event.versions
        }
        documents = {one.document for name in drafts for one in self._cache.beginning(name)}
        return numbers.taken(events, self._cache.of(documents))
