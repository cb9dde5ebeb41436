"""One record of news.articles.v1 against the copy window: a judgement, or the dead letter it becomes."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from agents.batch import Event
from agents.delivery import PRODUCER_TIME, header
from agents.window import ANEW, REBUILD, WindowError
from newsfeed.articles.identity import is_article_id
from newsfeed.copies import CopyWindow, Judgement, RecreatedTopic, WindowGap
from newsfeed.records import Article, DeadLetter, Position
from topics import catalogue, codec


@dataclass(frozen=True, slots=True)
class Judged:
    """An article and what the window says of it; ``time_ms`` is the log's time, 0 where a producer gave it."""

    article: Article
    judgement: Judgement
    time_ms: int


@dataclass(frozen=True, slots=True)
class Failed:
    """A record that got no judgement, and the position that its dead letter answers."""

    letter: DeadLetter
    position: Position


@dataclass(frozen=True, slots=True)
class Forgotten:
    """An article whose text is known no more, and the entry that says so."""

    article_id: str
    entry: bytes


def judged(window: CopyWindow, event: Event, source: str) -> Judged | Forgotten | Failed:
    """Judge one article, or forget one. What nobody foresaw is a dead letter, so that one record cannot stop the rest.

    Raises:
        WindowError: the state does not belong to this log; going on would give wrong verdicts.
    """
    message = event.message
    here = Position(topic=source, partition=message.partition, offset=message.offset)
    if message.value is None and is_article_id(article_id := (message.key or b"").decode("ascii", "replace")):
        return Forgotten(article_id, window.erase(message.offset, article_id))
    article = codec.decode(message.value, Article, catalogue.ARTICLES)
    if isinstance(article, codec.Bad):
        return Failed(DeadLetter(reason="internal", detail=article.error[:500]), here)
    # A time that producers choose must not move the window: then its capacity alone bounds it.
    time_ms = 0 if header(event, PRODUCER_TIME) is not None else article.time_ms
    timed = article if time_ms == article.time_ms else msgspec.structs.replace(article, time_ms=time_ms)
    try:
        return Judged(article, window.judge(message.offset, timed), time_ms)
    except RecreatedTopic as error:
        raise WindowError(f"{error}. {ANEW}") from None
    except WindowGap as error:
        raise WindowError(f"{error}. {REBUILD}") from None
    except OSError:
        raise
    except Exception as error:
        return Failed(DeadLetter(reason="internal", detail=f"{type(error).__name__}: {error}"[:500]), article.raw)
