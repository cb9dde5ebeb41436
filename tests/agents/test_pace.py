"""How long a fetch stays open: longer and longer while nothing comes."""

from __future__ import annotations

from types import SimpleNamespace

from agents.consumer import FETCH_WAIT_MS, IDLE_WAIT_MS, pace


async def test_fetches_stay_open_longer_while_nothing_comes() -> None:
    coming = [False, False, False, False, True, False]

    async def fetch(*_: object) -> bool:
        return coming[0]

    fetcher = SimpleNamespace(_fetch_max_wait_ms=FETCH_WAIT_MS, _proc_fetch_request=fetch)
    pace(fetcher)
    waits = []
    while coming:
        assert await fetcher._proc_fetch_request() is coming.pop(0)
        waits.append(fetcher._fetch_max_wait_ms)
    assert waits == [100, 200, IDLE_WAIT_MS, IDLE_WAIT_MS, FETCH_WAIT_MS, 100]
