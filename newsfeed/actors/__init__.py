"""Actors: countries, institutions, organisations and people of an article, in six languages, each with its proof in the text."""

from newsfeed.actors.table import ActorDataError
from newsfeed.actors.tagger import ActorTagger, ActorTags, Explained

__all__ = ["ActorDataError", "ActorTagger", "ActorTags", "Explained"]
