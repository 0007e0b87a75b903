"""Places for queries: fair between clients, bounded for each, and given back whatever happens."""

import asyncio
import random

import pytest

from web.admission import RESERVED, Admission
from web.failures import RequestError


def run(scenario):
    return asyncio.run(asyncio.wait_for(scenario, 10))


def test_one_client_leaves_places_for_others():
    async def scenario():
        admission = Admission(places=6, most=20)
        held = [await admission.enter("greedy") for _ in range(6 - RESERVED)]
        waiting = asyncio.ensure_future(admission.enter("greedy"))
        await asyncio.sleep(0)
        assert not waiting.done()
        other = await admission.enter("other")
        held[0].leave()
        held[0].leave()
        (await waiting).leave()
        other.leave()

    run(scenario())


def test_who_has_least_is_next():
    async def scenario():
        admission = Admission(places=3, most=20)
        order = []

        async def client(name):
            place = await admission.enter(name)
            order.append(name)
            return place

        first = await admission.enter("a")
        tasks = [asyncio.ensure_future(client(name)) for name in ("a", "a", "a", "b")]
        other = await admission.enter("c")
        await asyncio.sleep(0)
        first.leave()
        other.leave()
        await asyncio.sleep(0)
        assert order[:2] == ["b", "a"]
        for task in tasks:
            (await task).leave() if task.done() else task.cancel()

    run(scenario())


def test_too_many_of_one_client_are_told_so():
    async def scenario():
        admission = Admission(places=4, most=3)
        places = [await admission.enter("a") for _ in range(2)]
        waiting = asyncio.ensure_future(admission.enter("a"))
        await asyncio.sleep(0)
        with pytest.raises(RequestError, match="3 queries of yours") as caught:
            await admission.enter("a")
        assert caught.value.status == 503
        (await admission.enter("b")).leave()
        for place in places:
            place.leave()
        (await waiting).leave()

    run(scenario())


def test_a_full_queue_says_so(monkeypatch):
    monkeypatch.setattr("web.admission.MOST_WAITING", 2)

    async def scenario():
        admission = Admission(places=1, most=50)
        held = await admission.enter("a")
        waiting = [asyncio.ensure_future(admission.enter(name)) for name in ("b", "c")]
        await asyncio.sleep(0)
        with pytest.raises(RequestError, match="too many queries are waiting"):
            await admission.enter("d")
        waiting[0].cancel()
        await asyncio.sleep(0)
        last = asyncio.ensure_future(admission.enter("d"))
        await asyncio.sleep(0)
        held.leave()
        (await waiting[1]).leave()
        (await last).leave()

    run(scenario())


def test_any_order_of_coming_going_and_hanging_up_loses_no_place():
    async def scenario():
        chance, places = random.Random(7), 5
        admission, inside = Admission(places, most=30), set()

        async def client(number):
            place = await admission.enter(f"c{number % 4}")
            inside.add(number)
            assert len(inside) <= places
            try:
                await asyncio.sleep(chance.random() / 500)
            finally:
                inside.discard(number)
                place.leave()

        tasks = [asyncio.ensure_future(client(number)) for number in range(60)]
        for task in chance.sample(tasks, 20):
            asyncio.get_running_loop().call_later(chance.random() / 100, task.cancel)
        await asyncio.gather(*tasks, return_exceptions=True)
        assert not inside
        assert admission._free == places
        assert not admission._waiting
        assert not admission._running

    run(scenario())


def test_who_hung_up_a_moment_ago_takes_no_place():
    async def scenario():
        admission = Admission(places=1, most=30)
        place = await admission.enter("first")
        tasks = [asyncio.ensure_future(admission.enter(name)) for name in ("gone", "next")]
        await asyncio.sleep(0)
        tasks[0].cancel()  # its turn is cancelled at once, its task wakes up later
        place.leave()
        (await tasks[1]).leave()
        assert admission._free == 1

    run(scenario())
