"""Raw messages become cleaned articles: decoding, cleaning, identity, dates, language."""

from newsfeed.articles.cleaning import clean
from newsfeed.articles.identity import id_from_producer, id_from_text, id_from_url, raw_hash
from newsfeed.articles.urls import canonical_url, host_of, url_key

__all__ = [
    "canonical_url",
    "clean",
    "host_of",
    "id_from_producer",
    "id_from_text",
    "id_from_url",
    "raw_hash",
    "url_key",
]
