"""One folder is one workspace: ``curation.duckdb``, ``vectors/``, ``thumbs/``, ``jobs/``, ``exports/``, ``log/``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from curation.records import RegrainError

DATABASE = "curation.duckdb"
MAX_THUMBNAILS = 50_000
MAX_THUMBNAIL_BYTES = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Workspace:
    """The paths of one workspace. Opening the database is the store's work."""

    folder: Path

    @classmethod
    def at(cls, folder: str | Path) -> Workspace:
        """Return the workspace in ``folder``, making its folders where they are missing.

        Raises ``RegrainError`` where the folder is a file or cannot be written.
        """
        workspace = cls(Path(folder).expanduser().resolve())
        try:
            for path in (workspace.vectors, workspace.thumbs, workspace.jobs, workspace.exports):
                path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise RegrainError(
                f"`{folder}` cannot hold a workspace ({error}): choose a folder you may write to"
            ) from error
        return workspace

    @property
    def database(self) -> Path:
        return self.folder / DATABASE

    @property
    def vectors(self) -> Path:
        return self.folder / "vectors"

    @property
    def thumbs(self) -> Path:
        return self.folder / "thumbs"

    @property
    def jobs(self) -> Path:
        return self.folder / "jobs"

    @property
    def exports(self) -> Path:
        return self.folder / "exports"

    @property
    def banks(self) -> Path:
        """What is laid out for searching; it can be deleted at any time."""
        return self.folder / "banks"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def exists(self) -> bool:
        """Say whether a database is there yet."""
        return self.database.exists()

    def stored_root(self, folder: Path) -> str:
        """Return an image folder as it is stored: relative where it lies inside, so that a workspace can move."""
        absolute = folder.expanduser().resolve()
        return str(absolute.relative_to(self.folder)) if absolute.is_relative_to(self.folder) else str(absolute)

    def image_path(self, root: str, file: str) -> Path:
        """Return the path of an image; raises ``RegrainError`` where it would leave its image folder."""
        base = (self.folder / root).resolve()  # an absolute root replaces the left side
        path = (base / file).resolve()
        if not path.is_relative_to(base):
            raise RegrainError(f"`{file}` lies outside the image folder `{base}`: it is not read")
        return path
