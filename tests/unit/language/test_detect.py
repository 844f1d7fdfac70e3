"""language.detect: English or Spanish, measured on messages of both with program names in English."""

from __future__ import annotations

import pytest

from language.detect import detect, spanish_share

ENGLISH = """
how do i apply for the running start program
what is wasfa
when is the fafsa due
can my daughter get money for a trade school
do i qualify if my parents are undocumented
is college bound the same as the pell grant
i need help paying for books
whats the difference between ap and cte dual credit
how much does an electrician make
can i talk to somebody
do credits from running start transfer to uw
my mom is from El Salvador, can she help me with the fafsa
i live in La Conner, what college is near
does the beca thing work for me
what does "beca" mean
hi
thanks so much
im in 11th grade and want to be a nurse
where do i sign up
help
""".strip().splitlines()

SPANISH = """
cómo aplico a running start
que es wasfa
cuando se vence la fafsa
mi hija puede recibir dinero para una escuela de oficios
califico si mis papas son indocumentados
college bound es lo mismo que pell grant
necesito ayuda para pagar los libros
cual es la diferencia entre ap y cte dual credit
cuanto gana un electricista
puedo hablar con alguien
los creditos de running start se transfieren a uw
¿fafsa?
vivo en yakima, qué colegio hay cerca
quiero ser enfermera
hola
muchas gracias
estoy en el grado 11 y quiero un trabajo
donde me inscribo
ayuda
qué necesito para college in the high school
""".strip().splitlines()


@pytest.mark.parametrize("text", ENGLISH)
def test_english_is_english_even_in_a_spanish_conversation(text: str) -> None:
    assert detect(text, "en") == "en"
    if spanish_share(text) != 0.5:
        assert detect(text, "es") == "en"


@pytest.mark.parametrize("text", SPANISH)
def test_spanish_is_spanish_even_in_an_english_conversation(text: str) -> None:
    assert detect(text, "en") == "es"


@pytest.mark.parametrize("text", ["FAFSA", "Running Start", "ok", "", "🙂", "123", "College Bound Scholarship"])
def test_where_the_words_do_not_tell_the_conversation_decides(text: str) -> None:
    assert detect(text, "en") == "en"
    assert detect(text, "es") == "es"


def test_most_messages_are_told_from_their_words_alone() -> None:
    told = [t for t in ENGLISH + SPANISH if spanish_share(t) != 0.5]
    assert len(told) >= 0.95 * len(ENGLISH + SPANISH)
