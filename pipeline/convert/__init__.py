"""Word documents enter, PDFs leave, by LibreOffice; owns the outside program."""

from __future__ import annotations

from pipeline.convert.normalise import normalise
from pipeline.convert.office import find_office, office_kind, office_version, to_pdf

__all__ = ["find_office", "normalise", "office_kind", "office_version", "to_pdf"]
