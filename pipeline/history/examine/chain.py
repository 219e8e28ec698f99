"""The log and its checkpoints: is each event the one that followed the one before?"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.history.examine.notes import Notes, read_object

_EVENT = {
    "at": str,
    "operator": str,
    "previous": str,
    "reason": str,
    "sequence": int,
    "versions": list,
    "what": str,
}
_CHECKPOINT = {"digest": str, "public": str, "sequence": int, "signature": str}
_UNSIGNED = 64
"""A run signs at least after so many events."""
_PAPER = re.compile(r"([0-9]+)[:：]([0-9a-f]{16,64})")


@dataclass(slots=True)
class Chain:
    """What the log says, as far as it could be read."""

    events: dict[int, str] = field(default_factory=dict)
    """Number of each event to its digest."""
    days: dict[int, str] = field(default_factory=dict)
    """Number of each event to when it says it was."""
    previous: dict[int, str] = field(default_factory=dict)
    """Number of each event to the digest it records of the one before."""
    signed: dict[int, str] = field(default_factory=dict)
    """Number of each event that a trusted checkpoint speaks of to the digest it says."""
    named: dict[str, int] = field(default_factory=dict)
    """Manifest digest to the event that first named it, in that order."""
    pruned: set[str] = field(default_factory=set)
    """Manifests whose contents were given up on purpose."""
    issued: set[str] = field(default_factory=set)
    """Manifests whose files went out, and stay in the outputs when they are corrected."""
    withdrawn: set[str] = field(default_factory=set)
    """Manifests whose files were taken out of the outputs."""

    @property
    def last(self) -> int:
        """The highest number."""
        return max(self.events, default=0)

    @property
    def whole(self) -> bool:
        """Whether every event was read and follows the one before: so no version is unknown."""
        return all(
            self.previous.get(number) == self.events.get(number - 1, "")
            for number in range(1, self.last + 1)
        )

    def vouched(self, number: int) -> bool:
        """Tell whether the next event, or a checkpoint, says that this event is as it was."""
        said = (self.previous.get(number + 1), self.signed.get(number))
        return self.events[number] in said

    def first_since(self, since: str) -> int:
        """Return the number of the first event of or after a number or a day."""
        if since.isdecimal():
            return int(since) + 1
        return next((number for number, at in self.days.items() if at >= since), self.last + 1)


def check_log(store: Path, notes: Notes) -> Chain:
    """Read the whole log; name every event that is missing, torn, edited or out of place."""
    chain = Chain()
    numbers = set()
    for path in (store / "log").glob("*"):
        if re.fullmatch(r"[0-9]{8}\.json", path.name):
            numbers.add(int(path.stem))
        else:
            notes.fault("event", path.name, "不是日志文件")
    for number in range(1, max(numbers, default=0) + 1):
        if number in numbers:
            _event(store, number, chain, notes)
        else:
            notes.fault("event", f"{number:08d}", "不见了")
    notes.counts["events"] = len(numbers)
    return chain


def _event(store: Path, number: int, chain: Chain, notes: Notes) -> None:
    """Check one event by itself."""
    name = f"{number:08d}"
    try:
        data = (store / "log" / f"{name}.json").read_bytes()
    except OSError as error:
        notes.fault("event", name, f"读不出来：{error.strerror}")
        return
    chain.events[number] = hashlib.sha256(data).hexdigest()
    event = read_object(data, _EVENT)
    if event is None:
        notes.fault("event", name, "残缺或不是本程序写的")
        return
    spelled = json.dumps(event, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    if spelled.encode() != data:
        notes.fault("event", name, "被改写过")
    if event["sequence"] != number:
        notes.fault("event", name, f"内容却是第 {event['sequence']} 号")
    chain.previous[number] = event["previous"]
    if event["at"] < chain.days.get(number - 1, ""):
        notes.counts["set_back"] += 1
    chain.days[number] = event["at"]
    for manifest in map(str, event["versions"]):
        chain.named.setdefault(manifest, number)
        if event["what"] == "pruned":
            chain.pruned.add(manifest)
        elif event["what"] == "issued":
            chain.issued.add(manifest)
        elif event["what"] == "withdrawn":
            chain.withdrawn.add(manifest)


def check_links(chain: Chain, notes: Notes) -> None:
    """Name the event that was changed where two don't fit: not the one that others vouch for."""
    for number, previous in chain.previous.items():
        before = chain.events.get(number - 1, "")
        if previous == before or (number > 1 and number - 1 not in chain.previous):
            continue  # it fits, or the one before is named already: missing or torn
        if number > 1 and chain.vouched(number) and chain.signed.get(number - 1) != before:
            notes.fault("event", f"{number - 1:08d}", "被改写过：下一号记着它原来的指纹")
        else:
            notes.fault("event", f"{number:08d}", "与上一号接不上，两者之一被换过")


def check_checkpoints(store: Path, keys: Path | None, chain: Chain, notes: Notes) -> None:
    """Hold the log against every checkpoint, and each checkpoint against the keys we trust."""
    trusted = _trusted(keys) if keys and keys.is_dir() else _trusted(store / "keys")
    newest = 0
    for path in sorted((store / "checkpoints").glob("*.json")):
        notes.counts["checkpoints"] += 1
        newest = max(newest, check_checkpoint(path, trusted, chain, notes))
    notes.counts["unsigned"] = max(0, chain.last - newest)
    if notes.counts["unsigned"] > _UNSIGNED:
        notes.fault("checkpoint", f"{newest:08d}", "此后的事件都没有签名：检查点被删过")


def check_exported(path: Path, store: Path, keys: Path | None, chain: Chain, notes: Notes) -> None:
    """Hold the log against a checkpoint that was kept elsewhere."""
    trusted = _trusted(keys) if keys and keys.is_dir() else _trusted(store / "keys")
    check_checkpoint(path, trusted, chain, notes)


def check_checkpoint(path: Path, trusted: set[str], chain: Chain, notes: Notes) -> int:
    """Check one checkpoint; return its number, 0 when it proves nothing."""
    try:
        signed = read_object(path.read_bytes(), _CHECKPOINT)
    except OSError:
        signed = None
    if signed is None:
        notes.fault("checkpoint", path.name, "残缺或不是本程序写的")
        return 0
    number: int = signed["sequence"]
    if not _holds(signed["public"], signed["signature"], number, signed["digest"]):
        notes.fault("checkpoint", path.name, "签名不对，被改写过")
        return 0
    if signed["public"] not in trusted:
        notes.fault("checkpoint", path.name, f"由不认识的密钥 {signed['public'][:16]} 签名")
        return 0
    chain.signed[number] = signed["digest"]
    if number not in chain.events:
        notes.fault("event", f"{number:08d}", f"签过名，日志里却没有（日志到第 {chain.last} 号）")
    elif chain.events[number] != signed["digest"]:
        notes.fault("event", f"{number:08d}", "与签过名的检查点不符：日志被改写过")
    return number


def check_paper(paper: str, chain: Chain, notes: Notes) -> None:
    """Hold the log against a head that was printed on paper: `<number>:<digest, 16 digits up>`."""
    found = _PAPER.fullmatch(re.sub(r"[\s-]", "", paper).lower())
    if found is None:
        notes.fault("event", paper, "不是印出的日志头，应为 号数:指纹（至少 16 位）")
        return
    number, digest = int(found[1]), found[2]
    name = f"{number:08d}"
    if number not in chain.events:
        notes.fault(
            "event",
            name,
            f"印在纸上，日志里却没有（日志到第 {chain.last} 号）：存储是旧的，或被截短过",
        )
    elif not chain.events[number].startswith(digest):
        notes.fault("event", name, f"与纸上印的 {digest} 不符：日志被改写过")


def _holds(public: str, signature: str, number: int, digest: str) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        key.verify(
            bytes.fromhex(signature), f"juanzong checkpoint\n{number}\n{digest}\n".encode("ascii")
        )
    except (InvalidSignature, ValueError):
        return False
    return True


def _trusted(folder: Path) -> set[str]:
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        PublicFormat,
        load_pem_public_key,
    )

    known = set()
    for path in folder.glob("*.pem"):
        try:
            key = load_pem_public_key(path.read_bytes())
            known.add(key.public_bytes(Encoding.Raw, PublicFormat.Raw).hex())
        except (OSError, ValueError):
            continue
    return known
