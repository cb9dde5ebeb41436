"""Articles as *clean* hands them on, made from words."""

from collections.abc import Callable
from hashlib import blake2b

import pytest

from newsfeed.copies import fingerprint
from newsfeed.records import Article, Position

Make = Callable[..., Article]


@pytest.fixture(scope="session")
def make() -> Make:
    def article(offset: int, body: str, *, id: str | None = None, title: str = "", **fields: object) -> Article:
        name = id if id is not None else f"article {offset}"
        return fingerprint(
            Article(
                article_id=blake2b(name.encode(), digest_size=16).hexdigest(),
                key="id",
                raw=Position(topic="raw", partition=0, offset=offset),
                raw_hash=offset * 7 + 1,
                title=title,
                body=body,
                **fields,  # type: ignore[arg-type]
            )
        )

    return article
