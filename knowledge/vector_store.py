"""Vectors of texts in SQL, so that a text is encoded once in its life."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import ColumnElement, delete, select

from knowledge.store import Store
from knowledge.tables import VectorRow, insert_if_new

FEW = 500  # SQLite takes about a thousand names in one question


class VectorStore:
    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, encoder: str, digests: Iterable[str]) -> dict[str, bytes]:
        """Those that are kept, by the digests of their texts."""
        wanted = set(digests)
        with self._store.session() as session:
            rows = session.execute(select(VectorRow.text_digest, VectorRow.vector).where(*_of_digests(encoder, wanted)))
            return {digest: vector for digest, vector in rows if digest in wanted}

    def keep(self, encoder: str, vectors: Mapping[str, bytes]) -> None:
        """Several processes may learn the same text in the same moment; the first one's vector stays."""
        with self._store.session(writes=True) as session:
            rows = [{"encoder": encoder, "text_digest": digest, "vector": vector} for digest, vector in vectors.items()]
            session.execute(insert_if_new(session, VectorRow), rows)

    def forget_all_but(self, encoder: str) -> int:
        """Remove what other encoders, which nobody asks any more, once made; returns how many."""
        with self._store.session(writes=True) as session:
            return int(session.execute(delete(VectorRow).where(VectorRow.encoder != encoder)).rowcount)  # type: ignore[attr-defined]


def _of_digests(encoder: str, wanted: set[str]) -> list[ColumnElement[bool]]:
    """A few are asked for by name; for thousands it is quicker to take all."""
    named = [VectorRow.text_digest.in_(sorted(wanted))] if len(wanted) <= FEW else []
    return [VectorRow.encoder == encoder, *named]
