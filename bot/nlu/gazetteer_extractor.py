"""Names from the knowledge base as Rasa entities. Watches the file that knowledge writes: no restart when it changes."""

import logging
import os
from pathlib import Path
from typing import Any, Dict, List, Optional, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from language import gazetteer
from language.encoder import whole_words

log = logging.getLogger(__name__)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class GazetteerExtractor(EntityExtractorMixin, GraphComponent):
    """Config ``file``: where the names are. While it does not exist yet, nothing is found."""

    def __init__(self, config: Dict[Text, Any]) -> None:
        self._file = Path(os.environ.get("GAZETTEER_FILE", config["file"]))
        self._stamp = 0
        self._gazetteer: Optional[gazetteer.Gazetteer] = None

    @staticmethod
    def required_packages() -> List[Text]:
        return ["spacy", "rapidfuzz"]

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        return {"file": "var/gazetteer.json"}

    @classmethod
    def create(
        cls, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> "GazetteerExtractor":
        return cls(config)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        self._refresh()
        for message in messages:
            text = message.get(TEXT)
            if self._gazetteer is None or not text:
                continue
            found = [
                {"entity": m.label, "value": m.value, "start": m.start, "end": m.end, "confidence_entity": 1.0 if m.exact else 0.8}
                for m in self._gazetteer.find(text)
            ]
            found = self.add_extractor_name(found)
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages

    def _refresh(self) -> None:
        try:
            stamp = self._file.stat().st_mtime_ns
        except FileNotFoundError:
            return
        if stamp != self._stamp:
            self._stamp = stamp
            try:
                self._gazetteer = gazetteer.load(self._file, whole_words())
            except (OSError, ValueError, KeyError, TypeError) as error:  # damaged: the names known before are better than none
                log.warning("%s cannot be read (%s); it is written anew when the knowledge changes", self._file, type(error).__name__)
