"""Requests that nobody would send: a small share of what ``bench/fuzzing.py`` sends, the same each time."""

import asyncio

from bench import fuzzing


def test_no_request_breaks_the_application():
    with fuzzing.application() as (app, pool):
        statuses = asyncio.run(fuzzing.send_all(app, 150, seed=3))
        assert sum(statuses.values()) == 150
        assert {200, 400, 403, 415} <= set(statuses) <= fuzzing.EXPECTED
        assert len(pool.pids()) >= fuzzing.SETTINGS.workers


def test_bytes_of_an_address_that_nobody_encoded():
    """Some servers pass them on, and some refuse them."""

    async def scenario(app):
        async with app.router.lifespan_context(app):
            sent = [
                fuzzing.Sent("GET", "/sparql", b"query=ASK{}%23" + tail, (), b"") for tail in (b"\xe7\xa2\xb3", b"\xff")
            ]
            return [(await fuzzing.ask(app, one))[0] for one in sent]

    with fuzzing.application() as (app, _):
        assert asyncio.run(scenario(app)) == [200, 400]


def test_the_same_seed_sends_the_same_requests():
    assert list(fuzzing.requests(5, 20)) == list(fuzzing.requests(5, 20)) != list(fuzzing.requests(6, 20))
