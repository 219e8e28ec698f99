"""The command line: parse, call `run`, print, choose the exit code; nothing is computed here."""

from __future__ import annotations

from pipeline.cli.main import main

__all__ = ["main"]
