"""Is a message English or Spanish? Decided by function words and letters, with the conversation as tie-breaker.

Program names are English in both languages (“cómo aplico a Running Start”), so only words that belong to one language
count. Measured in tests/unit/language/test_detect.py.
"""

from __future__ import annotations

import re
from typing import Literal

from language.normalise import fold, words

Language = Literal["en", "es"]

_ENGLISH = frozenset(
    """the a an and or but of to in on at for from with without by about is are was were be been am do does did doing have has had
    i im ive id you your yours my mine me we our us he she his her they their them it its this that these those there here what when
    where which who why how can cant could would should will wont dont doesnt didnt isnt arent not if then than so because while as
    any some all more most much many get got getting need needs want wants help please thanks thank tell know think someone anyone
    something anything just only also after before until during still already yet does into out up down too very really gonna wanna
    apply applying pay paying money school free job work year years old parents mom dad son daughter kid hi hello hey yes speak talk
    human person real does qualify difference between best find start take mean means test high class classes""".split()
)
_SPANISH = frozenset(
    """el la los las un una unos unas y o u pero de del al en con sin por para que cual cuales cuando cuanto cuanta cuantos cuantas
    donde quien quienes como porque si es son era fue ser estar esta estan este esto esa ese eso estas estos hay tengo tiene tienen
    tener tenemos soy eres somos yo tu tus su sus mi mis me te se le les nos lo ella ellos nosotros usted ustedes puedo puede pueden
    puedes poder quiero quiere quieren necesito necesita necesitan ayuda ayudar ayudame gracias hola buenas buenos dias favor no mas muy
    ya aun tambien despues antes hasta desde entre sobre algo alguien nada todo todos toda todas cosa hacer hago hace haces dice dicen
    ir voy va vamos papa papas mama padres hijo hija hermano hermana escuela colegio universidad preparatoria prepa beca becas dinero
    pagar pago pagan cuesta cuestan gratis trabajo trabajar aplicar aplico solicitud solicitar llenar formulario ano anos clases estudiar
    estudio estudiante estudiantes carrera quisiera hablar persona alguna alguno otro otra mejor peor entonces sirve significa saber
    papeles indocumentado fecha limite requisitos oye bueno pues ni sido sacar dan dar doy da ganar ganan gano inscribo inscribir""".split()
)
_SPANISH_LETTERS = frozenset("ñ¿¡áéíóú")
# Names said in English in both languages: their words are no clue.
_NAMES = re.compile(
    r"\b(?:running start|college in the high school|high school|college bound|career launch|career connect|work study|"
    r"opportunity (?:grant|scholarship)|washington college grant|pell grant|basic food|passport to careers|dual credit|free lunch)\b"
)
_ENDINGS = ("cion", "ciones", "mente", "ando", "iendo", "idad", "aria", "ario", "ado", "ada", "ito", "ita")


def spanish_share(text: str) -> float:
    """From 0 (all clues English) to 1 (all clues Spanish); 0.5 where there is no clue."""
    english = spanish = 0.0
    for word in words(_NAMES.sub(" ", fold(text))):
        if word in _SPANISH and word not in _ENGLISH:
            spanish += 1
        elif word in _ENGLISH and word not in _SPANISH:
            english += 1
        elif len(word) > 5 and word.endswith(_ENDINGS):
            spanish += 0.5
    spanish += 1.5 * any(c in _SPANISH_LETTERS for c in text.lower())
    return 0.5 if english + spanish == 0 else spanish / (english + spanish)


def detect(text: str, before: Language = "en") -> Language:
    """The language to answer in. `before`: the language of the conversation so far, kept where the words do not tell."""
    share = spanish_share(text)
    if 0.4 <= share <= 0.6:
        return before
    return "es" if share > 0.5 else "en"
