"""Lay a picture of a page over the page that was printed, and say how much the two are alike.

The code's corners say roughly how the picture lies. Then windows of the page are looked for on
the picture, near the code first, and each round those that were found say better how the rest
lies; so a sheet that was photographed aslant is followed from its foot to its head.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, TypeAlias

import numpy as np
from PIL import Image

from pipeline.scans.codes import Corner
from pipeline.scans.printed import MM, Printed, grey

Figures: TypeAlias = np.ndarray[Any, np.dtype[Any]]

DPI = 60
"""Of both pictures while they are compared: characters of 小四 are ten pixels."""
_WINDOW = 64
"""Pixels; 27 mm."""
_STEP = 54
_ROUNDS = 7
_INKED = 6.0
"""Standard deviation of grey above which a window has something to be found by."""
_SURE = 5.5
"""Standard deviations by which a found window stands out of all places it could be."""
_ENOUGH = 9
"""Windows it takes to see that a sheet lies aslant; fewer only say how it is turned and drawn."""
_NEAR = 2
"""Pixels a window may still be off when likeness is taken."""
_STILL = 0.5
"""Pixels; when nothing moves more, the picture lies."""
_KEPT = 64
"""Printed pages kept in mind: a pile comes back sorted by letter more often than not."""
_FIRST = 0.4
"""Part of a window that may have moved and still be found with certainty."""


@dataclass(frozen=True, kw_only=True)
class Laid:
    """How a picture lies: `matrix` leads from millimetres on the printed page to its pixels."""

    matrix: Figures
    likeness: int
    """0 to 100: the median likeness of all windows that have something on them."""


def lay(picture: Image.Image, printed: Printed, corners: tuple[Corner, ...]) -> Laid:
    """Lay a picture over its printed page, beginning with the corners of the code on both."""
    return follow(picture, printed, _turned(printed.corners, corners), corners=corners)


def follow(
    picture: Image.Image, printed: Printed, start: Figures, *, corners: tuple[Corner, ...] = ()
) -> Laid:
    """Lay a picture over its printed page, beginning with how it roughly lies."""
    small, shrink = _reduced(picture, start)
    matrix = _scaled(1 / shrink) @ start
    page = _windows(printed)
    anchors = [
        (one, (x / shrink, y / shrink))
        for one, (x, y) in zip(printed.corners, corners, strict=False)
    ]
    for _ in range(_ROUNDS):
        shifts, sure = page.found(warp(small, matrix, page.size, DPI))
        better = _fitted(page.middles, shifts, sure, matrix, anchors)
        moved = _moved(matrix, better, printed.size)
        matrix = better
        if moved < _STILL * MM / DPI * np.linalg.norm(matrix[:2, 0]):
            break
    likeness = page.likeness(warp(small, matrix, page.size, DPI))
    return Laid(matrix=_scaled(shrink) @ matrix, likeness=likeness)


def sheet(picture: Image.Image, printed: Printed, quarter: int) -> Figures:
    """Return how a picture lies that shows just the sheet, turned by quarters clockwise."""
    width, height = printed.size
    wide, high = picture.size
    ends = ((0, 0), (wide, 0), (wide, high), (0, high))
    page = ((0.0, 0.0), (width, 0.0), (width, height), (0.0, height))
    turned = tuple(ends[(place + quarter) % 4] for place in range(4))
    return _affine(np.array(page), np.array(turned, float), np.ones(4))


def warp(picture: Image.Image, matrix: Figures, size: tuple[int, int], dpi: float) -> Figures:
    """Return a grey picture as the printed page lies, as figures; white where it shows nothing."""
    return grey(warped(picture, matrix, size, dpi))


def warped(picture: Image.Image, matrix: Figures, size: tuple[int, int], dpi: float) -> Image.Image:
    """Return a picture as the printed page lies; white where it shows nothing."""
    whole = matrix @ _scaled(MM / dpi)
    figures = (whole / whole[2, 2]).reshape(9)[:8]
    return picture.transform(
        size,
        Image.Transform.PERSPECTIVE,
        tuple(figures),
        Image.Resampling.BILINEAR,
        fillcolor=255 if picture.mode == "L" else (255, 255, 255),
    )


@dataclass(frozen=True, kw_only=True)
class _Windows:
    """The windows of a printed page that have something on them."""

    size: tuple[int, int]
    """Pixels of the page at DPI."""
    starts: Figures
    """Left and top of each window, pixels."""
    middles: Figures
    """Middle of each, millimetres."""
    spectra: Figures
    energies: Figures

    def found(self, page: Figures) -> tuple[Figures, Figures]:
        """Return how far each window has moved, in millimetres, and how sure that is."""
        spectra, _ = _spectra(page, self.starts)
        cross = spectra * self.spectra.conj()
        peaks = np.fft.irfft2(cross / np.sqrt(np.abs(cross) + 1e-3), s=(_WINDOW, _WINDOW))
        flat = peaks.reshape(len(peaks), -1)
        best = flat.argmax(axis=1)
        spread = flat.std(axis=1) + 1e-9
        sure = (flat.max(axis=1) - flat.mean(axis=1)) / spread
        down, right = best // _WINDOW, best % _WINDOW
        rows = np.arange(len(peaks))
        shifts = np.stack(
            [
                _signed(right) + _between(peaks, rows, down, right, (0, 1)),
                _signed(down) + _between(peaks, rows, down, right, (1, 0)),
            ],
            axis=1,
        )
        far = np.abs(shifts).max(axis=1) > _FIRST * _WINDOW
        return shifts * (MM / DPI), np.where(far, 0, sure)

    def likeness(self, page: Figures) -> int:
        """Return the median correlation of the windows with those of a page, 0 to 100."""
        if not len(self.starts):
            return 100
        spectra, energies = _spectra(page, self.starts)
        peaks = np.fft.irfft2(spectra * self.spectra.conj(), s=(_WINDOW, _WINDOW))
        near = np.roll(peaks, (_NEAR, _NEAR), (1, 2))[:, : 2 * _NEAR + 1, : 2 * _NEAR + 1]
        best = near.max(axis=(1, 2)) / np.sqrt(energies * self.energies + 1e-9)
        return round(100 * float(np.clip(np.median(best), 0, 1)))


@lru_cache(_KEPT)
def _windows(printed: Printed) -> _Windows:
    width, height = (round(length * DPI / MM) for length in printed.size)
    page = grey(printed.drawn(DPI).resize((width, height)))
    starts = np.array(
        [
            (x, y)
            for y in range(0, height - _WINDOW + 1, _STEP)
            for x in range(0, width - _WINDOW + 1, _STEP)
            if page[y : y + _WINDOW, x : x + _WINDOW].std() > _INKED
            and not _holds_code(x, y, printed.corners)
        ]
    ).reshape(-1, 2)
    spectra, energies = _spectra(page, starts)
    return _Windows(
        size=(width, height),
        starts=starts,
        middles=(starts + _WINDOW / 2) * (MM / DPI),
        spectra=spectra,
        energies=energies,
    )


def _holds_code(x: int, y: int, corners: tuple[Corner, ...]) -> bool:
    """A window with the code on it is alike on any page that shows this code."""
    scale = DPI / MM
    return any(
        x - 1 <= right * scale <= x + _WINDOW + 1 and y - 1 <= down * scale <= y + _WINDOW + 1
        for right, down in corners
    )


@cache
def _soft() -> Figures:
    edge = np.hanning(_WINDOW).astype(np.float32)
    return np.outer(edge, edge)


def _spectra(page: Figures, starts: Figures) -> tuple[Figures, Figures]:
    """Return the spectra of windows, their own brightness taken out, and their energies."""
    views = np.lib.stride_tricks.sliding_window_view(page, (_WINDOW, _WINDOW))
    cut = views[starts[:, 1], starts[:, 0]] if len(starts) else np.zeros((0, _WINDOW, _WINDOW))
    soft = _soft()
    cut = (cut - (cut * soft).sum(axis=(1, 2), keepdims=True) / soft.sum()) * soft
    return np.fft.rfft2(cut), (cut**2).sum(axis=(1, 2))


def _signed(places: Figures) -> Figures:
    return np.where(places > _WINDOW // 2, places - _WINDOW, places).astype(float)


def _between(
    peaks: Figures, rows: Figures, down: Figures, right: Figures, step: tuple[int, int]
) -> Figures:
    """Return where between two pixels a peak stands, by a parabola through its neighbours."""
    before = peaks[rows, (down - step[0]) % _WINDOW, (right - step[1]) % _WINDOW]
    after = peaks[rows, (down + step[0]) % _WINDOW, (right + step[1]) % _WINDOW]
    bend = before - 2 * peaks[rows, down, right] + after
    return np.asarray(
        np.clip((before - after) / np.where(np.abs(bend) > 1e-9, 2 * bend, np.inf), -0.5, 0.5)
    )


def _fitted(
    middles: Figures,
    shifts: Figures,
    sure: Figures,
    matrix: Figures,
    anchors: list[tuple[Corner, Corner]],
) -> Figures:
    """Return the matrix that best leads from where windows are to where they were found."""
    page = middles[sure > _SURE]
    there = _through(matrix, page + shifts[sure > _SURE])
    for one, other in anchors:
        page, there = np.vstack([page, one]), np.vstack([there, other])
    if len(page) < 4:
        return matrix
    weights = np.ones(len(page))
    fitted = matrix
    for _ in range(4):  # those that fit badly were found in a wrong place
        kept = weights > 0
        aslant = kept.sum() >= _ENOUGH + len(anchors)
        fit = _perspective if aslant else _affine if kept.sum() >= 4 + len(anchors) else None
        if fit is None:
            return fitted
        fitted = fit(page[kept], there[kept], weights[kept])
        off = np.linalg.norm(_through(fitted, page) - there, axis=1)
        weights = (off <= max(2.5 * float(np.median(off)), 0.3)).astype(float)
    return fitted


def _affine(page: Figures, there: Figures, weights: Figures) -> Figures:
    rows = np.hstack([page, np.ones((len(page), 1))]) * weights[:, None]
    found, *_ = np.linalg.lstsq(rows, there * weights[:, None], rcond=None)
    return np.vstack([found.T, [0, 0, 1]])


def _perspective(page: Figures, there: Figures, weights: Figures) -> Figures:
    """Fit eight figures, after both sides were brought to a common size for the sake of figures."""
    to_page, to_there = _normal(page), _normal(there)
    (x, y), (u, v) = _through(to_page, page).T, _through(to_there, there).T
    one, none = np.ones_like(x), np.zeros_like(x)
    rows = np.vstack(
        [
            np.stack([x, y, one, none, none, none, -u * x, -u * y], axis=1),
            np.stack([none, none, none, x, y, one, -v * x, -v * y], axis=1),
        ]
    )
    both = np.concatenate([weights, weights])
    found, *_ = np.linalg.lstsq(rows * both[:, None], np.concatenate([u, v]) * both, rcond=None)
    matrix = np.linalg.inv(to_there) @ np.append(found, 1.0).reshape(3, 3) @ to_page
    return np.asarray(matrix / matrix[2, 2])


def _normal(points: Figures) -> Figures:
    middle, spread = points.mean(axis=0), points.std() + 1e-9
    return np.array(
        [[1 / spread, 0, -middle[0] / spread], [0, 1 / spread, -middle[1] / spread], [0, 0, 1]]
    )


def _turned(page: tuple[Corner, ...], there: tuple[Corner, ...]) -> Figures:
    """Return the turn, scale and shift that bring the code's corners on those of the picture."""
    one = np.array([complex(x, y) for x, y in page])
    other = np.array([complex(x, y) for x, y in there])
    middle, aim = one.mean(), other.mean()
    factor = ((other - aim) * (one - middle).conj()).sum() / (abs(one - middle) ** 2).sum()
    shift = aim - factor * middle
    return np.array(
        [
            [factor.real, -factor.imag, shift.real],
            [factor.imag, factor.real, shift.imag],
            [0, 0, 1],
        ]
    )


def _through(matrix: Figures, points: Figures) -> Figures:
    whole = np.hstack([points, np.ones((len(points), 1))]) @ matrix.T
    return np.asarray(whole[:, :2] / whole[:, 2:])


def _moved(old: Figures, new: Figures, size: tuple[float, float]) -> float:
    """Return the pixels by which a corner of the page has moved at most."""
    width, height = size
    ends = np.array([(0, 0), (width, 0), (width, height), (0, height)], float)
    return float(np.abs(_through(old, ends) - _through(new, ends)).max())


def _scaled(factor: float) -> Figures:
    return np.diag([factor, factor, 1.0])


def _reduced(picture: Image.Image, matrix: Figures) -> tuple[Image.Image, int]:
    """Return the picture in grey, shrunk to what is looked at, and by how much it was."""
    pixels = float(np.linalg.norm(matrix[:2, 0]))  # to the millimetre
    shrink = max(1, int(pixels * MM / DPI * 0.9))
    return picture.convert("L").reduce(shrink), shrink
