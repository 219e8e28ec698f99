"""Changes inside an .xlsx as it is: parts and bytes that aren't touched stay what they were."""

from __future__ import annotations

from pipeline.report.xlsx.book import Book, Mark, Strange, is_ours, is_xlsx
from pipeline.report.xlsx.listing import Line
from pipeline.report.xlsx.places import Place, address, number
from pipeline.report.xlsx.values import Grid, values

__all__ = [
    "Book",
    "Grid",
    "Line",
    "Mark",
    "Place",
    "Strange",
    "address",
    "is_ours",
    "is_xlsx",
    "number",
    "values",
]
