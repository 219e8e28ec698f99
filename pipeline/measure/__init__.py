"""A finished PDF enters, marks of what is wrong with it leave; nothing here has seen its template.

Three doors: `measure` is quick and says whether a paper of ours may leave the house; `gauge` reads
anybody's PDF against GB/T 9704-2012, pixels too; `measure_pdfa` asks veraPDF.
Shares no code with what made the pages.
"""

from __future__ import annotations

from pipeline.measure.gauge import SIZE, gauge
from pipeline.measure.mark import Mark
from pipeline.measure.overlay import overlay
from pipeline.measure.pdfa import Archival, measure_pdfa
from pipeline.measure.read import Reading, read
from pipeline.measure.rules import measure

__all__ = [
    "SIZE",
    "Archival",
    "Mark",
    "Reading",
    "gauge",
    "measure",
    "measure_pdfa",
    "overlay",
    "read",
]
