"""A finished PDF enters, marks of what is wrong with it leave; nothing here has seen its template.

Owns the form, glyph and privacy checks of finished pages; shares no code with what made them.
"""

from __future__ import annotations

from pipeline.measure.mark import Mark
from pipeline.measure.read import Reading, read
from pipeline.measure.rules import measure

__all__ = ["Mark", "Reading", "measure", "read"]
