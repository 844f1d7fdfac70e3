"""The sentence encoder as a Rasa featurizer. Uses the vector the desk already made, so that a text is encoded once a turn."""

import base64
from typing import Any, Dict, List, Optional, Text, Type

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from language import encoder


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceFeaturizer(DenseFeaturizer, GraphComponent):
    """One dense feature of shape (1, 384) a message. Config ``encoder``: minilm or hashing."""

    @classmethod
    def required_components(cls) -> List[Type]:
        return [Tokenizer]

    @staticmethod
    def required_packages() -> List[Text]:
        return ["numpy", "tokenizers"]

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        return {**DenseFeaturizer.get_default_config(), "encoder": "minilm"}

    @classmethod
    def create(
        cls, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> "SentenceFeaturizer":
        return cls(execution_context.node_name, config)

    @classmethod
    def validate_config(cls, config: Dict[Text, Any]) -> None:
        if config.get("encoder") not in ("minilm", "hashing"):
            raise ValueError(f"SentenceFeaturizer: encoder must be minilm or hashing, not {config.get('encoder')!r}")

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        messages = [m for m in training_data.training_examples if m.get(TEXT)]
        vectors = self._encode([m.get(TEXT) for m in messages])
        for message, vector in zip(messages, vectors):
            self._add(message, vector)
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            if not message.get(TEXT):
                continue
            vector = _given(message)
            self._add(message, self._encode([message.get(TEXT)])[0] if vector is None else vector)
        return messages

    def _encode(self, texts: List[Text]) -> np.ndarray:
        return encoder.load(self._config["encoder"]).encode(texts)[:, : encoder.WIDTH]

    def _add(self, message: Message, vector: np.ndarray) -> None:
        feature = Features(vector.reshape(1, -1).astype(np.float32), FEATURE_TYPE_SENTENCE, TEXT, self._identifier)
        message.add_features(feature)


def _given(message: Message) -> Optional[np.ndarray]:
    """MiniLM's part of the text's vector that travelled with the message (base64 of little-endian float16), if one did."""
    packed = ((message.get("metadata") or {}).get("vectors") or {}).get(message.get(TEXT))
    if not packed:
        return None
    vector = np.frombuffer(base64.b64decode(packed), "<f2").astype(np.float32)
    return vector[: encoder.WIDTH] if len(vector) >= encoder.WIDTH else None
