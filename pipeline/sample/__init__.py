"""A scheme and the roster tables in, an office's workbooks of invented people out.

Owns everything random in the project: the same seed gives the same bytes, anywhere.
"""

from __future__ import annotations

from pipeline.sample.write import write_sample

__all__ = ["write_sample"]
