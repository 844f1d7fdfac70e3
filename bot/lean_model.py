"""What the trained model does again in every turn, or for nobody: acts told from features, and rules looked through.

Same probabilities, same rules as Rasa's own (tests/unit/bot compares them); like bot/lean.py it takes the place of pieces of
Rasa while serving, and is no part of training.
"""

import functools
import json
from typing import Any, Dict, List, Optional, Set, Text, Tuple

import numpy as np
from rasa.core.policies.rule_policy import RulePolicy
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.nlu.constants import DENSE_FEATURIZABLE_ATTRIBUTES
from rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer import CountVectorsFeaturizer
from rasa.shared.core.constants import ACTION_LISTEN_NAME, PREVIOUS_ACTION, SHOULD_NOT_BE_SET, USER
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.message import Message

State = Dict[Text, Dict[Text, Any]]


def trim() -> None:
    LogisticRegressionClassifier.process = classify
    CountVectorsFeaturizer._create_features = features_of_sentences
    RulePolicy._find_action_from_rules = without_words_nobody_wrote_rules_for(RulePolicy._find_action_from_rules)
    RulePolicy._get_possible_keys = possible_keys


def features_of_sentences(self: CountVectorsFeaturizer, attribute: Text, all_tokens: List[List[Text]]) -> Tuple[List[Any], List[Any]]:
    """Only of the whole sentence: no component here looks at the features of single words, which are half the work."""
    vectorizer = (self.vectorizers or {}).get(attribute) if attribute in DENSE_FEATURIZABLE_ATTRIBUTES else None
    sentences = [vectorizer.transform([" ".join(tokens)]).tocoo() if vectorizer and tokens else None for tokens in all_tokens]
    return [None] * len(sentences), sentences


def classify(self: LogisticRegressionClassifier, messages: List[Message]) -> List[Message]:
    """The weights that a message's features meet, summed. Rasa makes one sparse matrix of all features, and scikit-learn a copy
    of all its weights, for each message (1 ms)."""
    for message in messages:
        chances = chances_of(self.clf, message)
        ranking = [{"name": name, "confidence": chance} for name, chance in zip(self.clf.classes_, chances)]
        ranking.sort(key=lambda act: -act["confidence"])
        message.set("intent", ranking[0], add_to_output=True)
        message.set("intent_ranking", ranking[: self.config["ranking_length"] or None], add_to_output=True)
    return messages


def chances_of(model: Any, message: Message) -> np.ndarray:
    """Probabilities in the order of ``model.classes_``, as its ``predict_proba`` gives for more than two acts."""
    weights = model.__dict__.get("_by_feature")
    if weights is None:
        weights = model._by_feature = np.ascontiguousarray(model.coef_.T)
    found = [f for f in message.features if f.attribute == TEXT and f.type == FEATURE_TYPE_SENTENCE]
    scores, start = model.intercept_.copy(), 0
    for feature in sorted(found, key=lambda f: f.is_dense()):  # as they were trained: counts first
        values = feature.features
        if feature.is_sparse():
            scores += values.data @ weights[start + values.col]
        else:
            scores += values[0] @ weights[start : start + values.shape[1]]
        start += values.shape[1]
    if start != len(weights) or len(scores) < 3:
        raise ValueError(f"the model knows {len(weights)} features of {len(scores)} acts, the message has {start}: train it again (make train)")
    scores = np.exp(scores - scores.max())
    return scores / scores.sum()


def without_words_nobody_wrote_rules_for(find: Any) -> Any:
    """Before it looks for a rule about the act, Rasa looks for one about the very words. There is none: every rule that a
    student's message meets names an act."""

    @functools.wraps(find)
    def found(self: RulePolicy, tracker: Any, domain: Any, use_text_for_last_user_input: bool) -> Any:
        if use_text_for_last_user_input and not any_for_words(tuple(self.lookup["rules"])):
            return None, None, False
        return find(self, tracker, domain, use_text_for_last_user_input)

    return found


def possible_keys(self: RulePolicy, lookup: Dict[Text, Text], states: List[State]) -> Set[Text]:
    """Rasa tries each rule on each state; here only those that end with this action and this act, and those that name none."""
    keys = set(lookup)
    if states and states[-1].get(PREVIOUS_ACTION):
        by_end = ends(tuple(lookup))
        action, act = end_of(states[-1])
        keys = {key for end in {(action, act), (action, None), (None, act), (None, None)} for key in by_end.get(end, ())}
    for turn, state in enumerate(reversed(states)):
        keys = {key for key in keys if self._is_rule_applicable(key, turn, state)}
    return keys


@functools.lru_cache(maxsize=16)
def any_for_words(keys: Tuple[Text, ...]) -> bool:
    """Can a rule be met right after a student's message without its act?"""
    last = [json.loads(key)[-1] for key in keys]
    return any(end_of(state)[0] in (None, ACTION_LISTEN_NAME) and (end_of(state)[1] is None or TEXT in state[USER]) for state in last)


@functools.lru_cache(maxsize=16)
def ends(keys: Tuple[Text, ...]) -> Dict[Tuple[Optional[Text], Optional[Text]], List[Text]]:
    """Rules by the last action and the act they end with; None where they say nothing of it."""
    found: Dict[Tuple[Optional[Text], Optional[Text]], List[Text]] = {}
    for key in keys:
        found.setdefault(end_of(json.loads(key)[-1]), []).append(key)
    return found


def end_of(state: State) -> Tuple[Optional[Text], Optional[Text]]:
    action, act = state.get(PREVIOUS_ACTION, {}).get("action_name"), state.get(USER, {}).get("intent")
    return action or None, act if act and act != SHOULD_NOT_BE_SET else None
