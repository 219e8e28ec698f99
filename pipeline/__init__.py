"""卷宗: rosters in, official documents, signed letters and one bound dossier per village out."""

from __future__ import annotations

__version__ = "0.1.0"
