"""The only door through which WeasyPrint reads files: template folders and the closed fonts."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from weasyprint.urls import URLFetcher


class Fetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
    """Serve files inside the given folders; refuse every other address and stop the paper."""

    def __init__(self, *folders: Path) -> None:
        super().__init__(
            allowed_protocols=("file", "data"), allow_redirects=False, fail_on_errors=True
        )
        self._folders = tuple(folder.resolve() for folder in folders)

    def fetch(self, url: str, headers: Any = None) -> Any:
        """Fetch a file.

        Raises:
            PermissionError: outside the folders, also by way of a symbolic link.
        """
        parts = urlsplit(url)
        if parts.scheme.lower() == "file":
            path = Path(url2pathname(parts.path)).resolve()
            if parts.netloc or not any(path.is_relative_to(each) for each in self._folders):
                raise PermissionError(f"{path.name} 不在模板文件夹内")
        elif parts.scheme.lower() != "data":
            raise PermissionError(f"不取网络上的东西：{parts.scheme}://{parts.netloc}")
        return super().fetch(url, headers)
