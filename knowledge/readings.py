"""As what a message is compared: the whole, and for a story also the sentences that ask and those that tell. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from language.normalise import sentences, words

MOST_ASKING, MOST_TOLD = 3, 4
_ASKS = frozenset(
    """what when where which who why how can could do does should is are will would cual cuales cuando cuanto cuanta cuantos
    donde quien como porque puedo puede puedes hay debo tengo necesito help ayuda""".split()
)


@dataclass(frozen=True)
class Readings:
    """A message as it is compared. `texts[0]` is the whole; `asking` and `story` tell which of `texts` are which sentences."""

    texts: tuple[str, ...]
    asking: tuple[int, ...] = (0,)
    story: tuple[int, ...] = (0,)


def readings(mended: str) -> Readings:
    """The whole, and for a story also the sentences that ask and those that tell. The last asks if none seems to."""
    parts = [p for p in sentences(mended) if len(words(p)) >= 3]
    if len(parts) < 2:
        return Readings((mended,))
    asking = [p for p in parts if "?" in p or _ASKS & set(words(p)[:4])][-MOST_ASKING:] or parts[-1:]
    story = [p for p in parts if p not in asking][:MOST_TOLD] or asking
    texts = tuple(dict.fromkeys([mended, *asking, *story]))
    return Readings(texts, tuple(map(texts.index, asking)), tuple(map(texts.index, story)))
