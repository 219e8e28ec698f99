"""Keep the whole in order: the cache, a lost log, checkpoints, hand-over, thinning out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.history.durable import writing
from pipeline.history.lock import held
from pipeline.history.prune import Pruning, plan_pruning
from pipeline.history.publish import Published
from pipeline.history.recording import Recording
from pipeline.model import Event, Version

if TYPE_CHECKING:
    from pipeline.history.handover import Form


class Keeping(Recording):
    """Looks after the store as a whole."""

    def export_checkpoint(self, folder: Path) -> None:
        """Copy the newest checkpoint and the public keys to a folder that is kept elsewhere.

        Raises:
            HistoryError: when there is none yet or the disk refuses.
        """
        self._notary.copy_newest(folder)

    def rebuild(self) -> None:
        """Make the cache again from manifests and log, and throw away what figures were drawn from.

        Raises:
            HistoryError: when the log or a manifest can't be read, or the log has lost its end.
        """
        self._notary.confirm(self._log)
        self._cache.rebuild()
        self.traces.forget()

    def accept_loss(self, *, at: str, operator: str, reason: str) -> Event:
        """Go on with a log that has lost its end for good, and say so in it.

        The checkpoints that know more are kept in `checkpoints/lost`.

        Raises:
            HistoryError: when what is left of the log can't be read.
        """
        with held(self._folder, command=self._command, since=at):
            self._cache.rebuild()
            with writing(self._folder):
                lost = self._notary.set_aside(self._log)
            self._unsigned = at
            told = f"{reason}；签过名而不见了的：{lost}" if lost else reason
            return self._log.append("loss", (), at=at, operator=operator, reason=told)

    def export(self, into: Path, *, form: Form, owner: Callable[[Version], str]) -> tuple[str, ...]:
        """Hand over everything, one package for each owner; return the packages' names.

        Args:
            into: A new or empty folder.
            form: `ocfl` or `bagit`.
            owner: Tells the package a version belongs to: its village.

        Raises:
            OutputError: when the folder isn't empty or the disk refuses.
            HistoryError: when a snapshot can't be read.
        """
        # Here, not above: who asks the past hands nothing over.
        from pipeline.history.handover import hand_over
        from pipeline.history.package import packages

        found = packages(self._folder, self._store, self._cache, owner=owner)
        hand_over(found, into, form=form, name=self._folder.parent.name)
        return tuple(found)

    def lay_out(self) -> Published:
        """Put what was issued and the newest of everything into the outputs, also bound dossiers.

        To be called after `take_in`, which finds the dossiers' bytes among the files.
        """
        lives = self.lives(version.document for version in self.versions())
        out = [version for life in lives.values() for version in life.out]
        unstored = {
            file.path: file.sha256
            for version in out
            for file in version.files
            if not file.stored and self._store.has(file.sha256)
        }
        rebuilt = {path: self._store.get(sha256) for path, sha256 in unstored.items()}
        published = self.publish(out, rebuilt=rebuilt)
        kept = {file.sha256 for one in self.versions() for file in one.files if file.stored}
        self._store.drop(
            {
                file.sha256
                for one in self.versions()
                for file in one.files
                if not file.stored and file.sha256 not in kept
            }
        )
        return published

    def prune(self, *, newest: int = 1, before: str = "") -> Pruning:
        """Return which drafts may go, and what that frees; give up nothing yet.

        Args:
            newest: How many of the newest versions of each document stay in any case.
            before: A day: what was recorded on it or later stays.

        Raises:
            HistoryError: when a snapshot of rosters can't be read.
        """
        return plan_pruning(self._cache, self._store, keep=newest, before=before)

    def give_up(self, plan: Pruning, *, at: str, operator: str, reason: str) -> Event | None:
        """Do what `prune` planned: first the event, then the blobs; manifests and log stay.

        To be called while all subjects are held, else blobs of a run that is under way could go.

        Raises:
            HistoryError: when another run is writing or the disk refuses.
        """
        about = [version.manifest for version in plan.versions]
        event = None
        if about:
            with self._writing(at):
                event = self._log.append("pruned", about, at=at, operator=operator, reason=reason)
        self._store.drop(plan.blobs)
        pruned = {
            name for one in self._cache.events() if one.what == "pruned" for name in one.versions
        }
        self.traces.retain(one for one in self._cache.versions() if one.manifest not in pruned)
        return event
