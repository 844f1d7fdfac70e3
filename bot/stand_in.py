"""Rasa without TensorFlow, which it imports for models that this bot does not have: 3 s of a start and 0.3 GB.

Three modules of Rasa's import it, and are themselves imported only for names that training uses. They get stand-ins; TensorFlow itself counts as not installed, so whatever does need it says so at once.
"""

import sys
import types
from pathlib import Path

NEEDING = ("DIETClassifier", "TEDPolicy", "UnexpecTEDIntentPolicy", "ResponseSelector", "ConveRTFeaturizer", "LanguageModelFeaturizer")
STAND_INS = {
    "rasa.utils.tensorflow.callback": ("RasaTrainingLogger", "RasaModelCheckpoint"),
    "rasa.utils.tensorflow.data_generator": ("RasaBatchDataGenerator",),
    "rasa.graph_components.validators.default_recipe_validator": ("DefaultV1RecipeValidator",),  # a trained model names it
}


def leave_out_tensorflow(config: Path) -> bool:
    """From now on TensorFlow cannot be imported; False, and it can, if `config` (config.yml) names a component that needs it."""
    said = config.read_text(encoding="utf-8")
    if any(f"name: {component}" in said for component in NEEDING):
        return False
    for name in ("tensorflow", "keras"):
        sys.modules[name] = None  # type: ignore[assignment]  # Python's own way to say "not installed"
    for place, names in STAND_INS.items():
        sys.modules[place] = types.ModuleType(place, "A stand-in, see bot/stand_in.py.")
        for name in names:
            setattr(sys.modules[place], name, object)
    return True
