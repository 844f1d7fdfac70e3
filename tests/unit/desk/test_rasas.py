from __future__ import annotations

import asyncio

import pytest

from desk.bot_client import BotSilent, BotTurn, BotUnavailable, Turn
from desk.rasas import AT_ONCE, REST_S, Rasas

HELLO = Turn("c1", "hello", "en")


class OneRasa:
    """Answers, unless told to fail with `error`."""

    def __init__(self, error: BotUnavailable | None = None) -> None:
        self.error, self.asked, self.forgotten = error, 0, 0

    async def reply(self, turn: Turn) -> BotTurn:
        self.asked += 1
        if self.error:
            raise self.error
        return BotTurn([], {"by": id(self)})

    async def forget(self, conversation_id: str) -> None:
        self.forgotten += 1


class StoppedWatch:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def watch() -> StoppedWatch:
    return StoppedWatch()


async def test_a_conversation_keeps_its_rasa_and_many_conversations_use_all(watch: StoppedWatch) -> None:
    three = {f"http://r{n}": OneRasa() for n in range(3)}
    rasas = Rasas(three, watch)
    for _ in range(5):
        await rasas.reply(HELLO)
    assert sorted(r.asked for r in three.values()) == [0, 0, 5]
    for n in range(60):
        await rasas.reply(Turn(f"c{n}", "hello", "en"))
    assert all(r.asked > 5 for r in three.values())


async def test_when_its_own_refuses_another_answers(watch: StoppedWatch) -> None:
    two = {"http://a": OneRasa(BotUnavailable("refused")), "http://b": OneRasa()}
    rasas = Rasas(two, watch)
    for n in range(20):
        assert (await rasas.reply(Turn(f"c{n}", "hello", "en"))).memory == {"by": id(two["http://b"])}


async def test_one_that_hangs_is_waited_for_once_and_then_left_alone_until_one_turn_tries_it(watch: StoppedWatch) -> None:
    rasa = OneRasa(BotSilent("slow"))
    rasas = Rasas({"http://a": rasa}, watch)
    with pytest.raises(BotSilent):
        await rasas.reply(HELLO)
    for _ in range(3):
        with pytest.raises(BotUnavailable, match="left alone"):
            await rasas.reply(HELLO)
    assert rasa.asked == 1
    watch.now += REST_S
    rasa.error = None
    assert (await rasas.reply(HELLO)).memory
    assert (await rasas.reply(HELLO)).memory, "and from then on it is asked as before"


async def test_while_one_turn_tries_a_hanging_rasa_again_the_others_do_not_wait(watch: StoppedWatch) -> None:
    rasa = OneRasa(BotSilent("slow"))
    rasas = Rasas({"http://a": rasa}, watch)
    for _ in range(2):
        with pytest.raises(BotSilent):
            await rasas.reply(HELLO)
        with pytest.raises(BotUnavailable, match="left alone"):
            await rasas.reply(HELLO)
        watch.now += REST_S
    assert rasa.asked == 2


async def test_one_rasa_that_confirms_is_enough_to_forget_for_they_share_one_memory() -> None:
    two = {"http://a": OneRasa(), "http://b": OneRasa()}
    await Rasas(two).forget("c1")
    assert sum(r.forgotten for r in two.values()) == 1


async def test_when_none_confirms_the_conversation_is_not_forgotten() -> None:
    class Deaf(OneRasa):
        async def forget(self, conversation_id: str) -> None:
            raise BotUnavailable("down")

    kept = OneRasa()
    await Rasas({"http://a": Deaf(), "http://b": kept}).forget("c1")
    assert kept.forgotten == 1
    with pytest.raises(BotUnavailable):
        await Rasas({"http://a": Deaf()}).forget("c1")


class BusyRasa(OneRasa):
    """Keeps each turn until `opens`; knows how many it had at once and who came in which order."""

    def __init__(self) -> None:
        super().__init__()
        self.opens, self.inside, self.most = asyncio.Event(), 0, 0
        self.order: list[str] = []

    async def reply(self, turn: Turn) -> BotTurn:
        self.order.append(turn.conversation_id)
        self.inside += 1
        self.most = max(self.most, self.inside)
        try:
            await self.opens.wait()
            return await super().reply(turn)
        finally:
            self.inside -= 1


async def crowd(rasas: Rasas, size: int) -> list[asyncio.Task[BotTurn]]:
    """So many students, one after another, each with a turn under way or in line."""
    turns = []
    for n in range(size):
        turns.append(asyncio.create_task(rasas.reply(Turn(f"c{n}", "hello", "en"))))
        await asyncio.sleep(0)
    return turns


async def test_a_crowd_stands_in_line_and_everybody_is_answered_in_turn() -> None:
    rasa = BusyRasa()
    turns = await crowd(Rasas({"http://a": rasa}), 50)
    assert rasa.inside == AT_ONCE
    rasa.opens.set()
    assert all(await asyncio.gather(*turns))
    assert rasa.most == AT_ONCE
    assert rasa.order == [f"c{n}" for n in range(50)]


async def test_who_stands_in_line_of_one_that_falls_silent_does_not_wait_for_it_too() -> None:
    rasa = BusyRasa()
    rasa.error = BotSilent("slow")
    turns = await crowd(Rasas({"http://a": rasa}), 20)
    rasa.opens.set()
    said = await asyncio.gather(*turns, return_exceptions=True)
    assert rasa.asked == AT_ONCE
    assert [isinstance(error, BotSilent) for error in said] == [True] * AT_ONCE + [False] * (20 - AT_ONCE)
    assert all(isinstance(error, BotUnavailable) for error in said)


async def test_nobody_stands_in_line_for_ever() -> None:
    rasa = BusyRasa()
    rasas = Rasas({"http://a": rasa}, in_line_s=0.02)
    turns = await crowd(rasas, AT_ONCE)
    with pytest.raises(BotUnavailable, match="in line"):
        await rasas.reply(HELLO)
    rasa.opens.set()
    await asyncio.gather(*turns)
    assert await rasas.reply(HELLO)
