"""A desk's own names as its queries know them."""

from __future__ import annotations

from collections.abc import Callable

from agents.settings import Settings
from newsfeed.actors import ActorTagger
from newsfeed.text import Document


def own_names(settings: Settings) -> Callable[[str], list[str]] | None:
    """Gives the actor ids of a name by a desk's own files; None without such files: the queries know the names of the data files.

    Raises:
        ActorDataError: a file cannot be used.
    """
    if not settings.actor_files:
        return None
    tagger = ActorTagger(settings.actor_files)
    return lambda name: [actor.id for actor in tagger.tag(Document(title=name, body="")).actors]
