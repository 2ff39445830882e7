"""All the SQL there is: a small ``Store`` and plain functions grouped by noun.

Import the module of a noun and pass the store: ``hands.deal(store, "coarse", ...)``.
"""

from duckdb import Error as DatabaseError

from curation.store.connection import Store, WorkspaceBusy

__all__ = ["DatabaseError", "Store", "WorkspaceBusy"]
