"""A scanner: printed pages in, signed by hand, what a scanner or a telephone makes of them out."""

from __future__ import annotations

import io
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pypdfium2
from PIL import Image, ImageDraw, ImageFilter

MM = 25.4


@dataclass(frozen=True, kw_only=True)
class Damage:
    """What a machine does to a page."""

    dpi: int = 200
    skew: float = 0.0
    """Degrees, at most, to either side."""
    blur: float = 0.0
    """Of pixels at 200 dpi."""
    noise: float = 0.0
    jpeg: int = 90
    shadow: float = 0.0
    """Part of the light that is lost in the darkest corner."""
    aslant: float = 0.0
    """Part of the sheet's width by which a corner moves: a photo taken by hand."""
    bits: int = 8
    colour: bool = True


LIGHT = Damage(skew=2, blur=0.5, noise=4)
MEDIUM = Damage(skew=5, blur=0.9, noise=10, jpeg=60, shadow=0.25)
HEAVY = Damage(skew=5, blur=1.6, noise=18, jpeg=35, shadow=0.4)
PHOTO = Damage(dpi=220, skew=4, blur=0.9, noise=6, jpeg=70, shadow=0.45, aslant=0.06)


def draw(pdf: bytes | Path, number: int, dpi: int) -> Image.Image:
    """Print a page, from 1."""
    with pypdfium2.PdfDocument(pdf) as document:
        return document[number - 1].render(scale=dpi / 72).to_pil().convert("RGB")


def sign(
    page: Image.Image, boxes: Iterable[tuple[str, tuple[float, float, float, float]]], seed: int
) -> Image.Image:
    """Write, stamp and date: boxes are use and left, top, right, bottom in millimetres."""
    dice = random.Random(seed)
    page = page.copy()
    scale = page.width / 210.0
    pen = ImageDraw.Draw(page)
    for use, (left, top, right, bottom) in boxes:
        wide, high = right - left, bottom - top
        if use == "seal":
            middle = (left + wide * 0.6, top + high / 2 + dice.uniform(-2, 2))
            radius = 20
            ring = [(middle[axis] + side * radius) * scale for side in (-1, 1) for axis in (0, 1)]
            layer = Image.new("RGB", page.size, "white")
            ImageDraw.Draw(layer).ellipse(ring, outline=(205, 40, 45), width=round(1.2 * scale))
            page.paste(Image.fromarray(np.minimum(np.asarray(page), np.asarray(layer))), (0, 0))
            pen = ImageDraw.Draw(page)
            continue
        reach = 0.9 if use == "signature" else 0.6
        strokes = [
            (left + wide * (0.08 + reach * step / 14), top + high * dice.uniform(0.2, 0.8))
            for step in range(14)
        ]
        ink = dice.choice([(20, 20, 30), (25, 35, 120)])
        pen.line([(x * scale, y * scale) for x, y in strokes], fill=ink, width=round(0.5 * scale))
    return page


def scan(page: Image.Image, damage: Damage, seed: int, *, turn: int = 0) -> Image.Image:
    """Lay a page on the glass, turned by `turn` quarters, and press the button."""
    dice = random.Random(seed)
    page = page.convert("RGB" if damage.colour else "L")
    white = 255 if page.mode == "L" else (255, 255, 255)
    if damage.aslant:
        page = _photographed(page, damage.aslant, dice)
    if damage.skew:
        angle = dice.uniform(-damage.skew, damage.skew)
        page = page.rotate(angle, Image.Resampling.BILINEAR, fillcolor=white)
    if damage.blur:
        page = page.filter(ImageFilter.GaussianBlur(damage.blur * damage.dpi / 200))
    figures = np.asarray(page, dtype=np.float32)
    if damage.shadow:
        figures = (
            figures
            * _shadow(figures.shape[:2], damage.shadow, dice)[(...,) + (None,) * (figures.ndim - 2)]
        )
    if damage.noise:
        figures = figures + _grain(figures.shape, seed) * damage.noise
    page = Image.fromarray(np.clip(figures, 0, 255).astype(np.uint8))
    if turn:
        page = page.transpose(
            (Image.Transpose.ROTATE_270, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_90)[
                turn - 1
            ]
        )
    if damage.bits == 1:
        return page.convert("L").point(lambda value: 255 if value > 140 else 0).convert("1")
    return Image.open(io.BytesIO(jpeg(page, damage.jpeg)))


def jpeg(page: Image.Image, quality: int = 85) -> bytes:
    stream = io.BytesIO()
    page.save(stream, "JPEG", quality=quality)
    return stream.getvalue()


def pile(pages: Sequence[Image.Image], dpi: int, path: Path) -> Path:
    """Put scanned pages into one file, by its ending: .pdf or .tif."""
    first, *rest = pages
    how = {"quality": 80} if path.suffix == ".pdf" else {"compression": "tiff_lzw"}
    first.save(path, save_all=True, append_images=rest, resolution=dpi, dpi=(dpi, dpi), **how)
    return path


def blank(dpi: int, seed: int) -> Image.Image:
    """Return the empty back of a sheet."""
    grain = np.random.default_rng(seed).normal(
        248, 3, (round(297 * dpi / MM), round(210 * dpi / MM))
    )
    return Image.fromarray(np.clip(grain, 0, 255).astype(np.uint8)).convert("RGB")


def _photographed(page: Image.Image, reach: float, dice: random.Random) -> Image.Image:
    """Look at a sheet on a dark table from a little aside."""
    width, height = page.size
    edge = round(width * 0.08)
    there = [
        (x + dice.uniform(0, reach) * width * sx, y + dice.uniform(0, reach) * width * sy)
        for (x, y), (sx, sy) in zip(
            (
                (edge, edge),
                (width + edge, edge),
                (width + edge, height + edge),
                (edge, height + edge),
            ),
            ((1, 1), (-1, 1), (-1, -1), (1, -1)),
            strict=True,
        )
    ]
    here = [(0, 0), (width, 0), (width, height), (0, height)]
    rows, values = [], []
    for (x, y), (u, v) in zip(there, here, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    figures = np.linalg.solve(np.array(rows, float), np.array(values, float))
    table = 70 if page.mode == "L" else (70, 60, 55)
    return page.transform(
        (width + 2 * edge, height + 2 * edge),
        Image.Transform.PERSPECTIVE,
        tuple(figures),
        Image.Resampling.BICUBIC,
        fillcolor=table,
    )


@cache
def _tile() -> np.ndarray:
    return np.random.default_rng(7).normal(0, 1, (700, 700, 1)).astype(np.float32)


def _grain(shape: tuple[int, ...], seed: int) -> np.ndarray:
    """Return noise of a page: one tile, laid out from elsewhere for each seed."""
    rolled = np.roll(_tile(), (seed * 131 % 700, seed * 197 % 700), (0, 1))
    laid = np.tile(rolled, (shape[0] // 700 + 1, shape[1] // 700 + 1, 1))
    laid = laid[: shape[0], : shape[1]]
    return laid if len(shape) == 3 else laid[:, :, 0]


def _shadow(shape: tuple[int, int], depth: float, dice: random.Random) -> np.ndarray:
    down, right = np.mgrid[0 : 1 : shape[0] * 1j, 0 : 1 : shape[1] * 1j].astype(np.float32)
    corner = dice.choice([(0, 0), (0, 1), (1, 0), (1, 1)])
    far = np.hypot(down - corner[0], right - corner[1]) / np.sqrt(2)
    return 1 - depth * (1 - far)
