"""What is said, by whom: the statement stands before or behind who said it."""

from __future__ import annotations

import pytest

from newsfeed.actors import ActorTagger
from newsfeed.text import Document

TAGGER = ActorTagger()


@pytest.mark.parametrize(
    ("language", "body", "said"),
    [
        ("en", "Nobody was hurt in the blast, Mayor Orla Brennan told reporters outside the town hall.", "Nobody was hurt in the blast"),
        ("en", "On Monday, Mayor Orla Brennan said that the bridge would stay shut until spring.", "that the bridge would stay shut until spring"),
        ("en", "Mayor Orla Brennan said the bridge would stay shut until spring.", "the bridge would stay shut until spring"),
        ("en", '"We will rebuild it," said Mayor Orla Brennan.', "We will rebuild it,"),
        ("de", "Die Brücke bleibt bis zum Frühjahr gesperrt, sagte Bürgermeisterin Jana Kolb am Montag.", "Die Brücke bleibt bis zum Frühjahr gesperrt"),
        ("de", "Wie Bürgermeisterin Jana Kolb sagte, bleibt die Brücke bis zum Frühjahr gesperrt.", "bleibt die Brücke bis zum Frühjahr gesperrt"),
        ("fr", "Le pont restera fermé jusqu'au printemps, a déclaré la maire Jeanne Colin.", "Le pont restera fermé jusqu'au printemps"),
        ("es", "El puente seguirá cerrado hasta la primavera, dijo la alcaldesa Ana Ruiz.", "El puente seguirá cerrado hasta la primavera"),
        ("ru", "Мост останется закрытым до весны, сообщил мэр города Иван Петренко журналистам.", "Мост останется закрытым до весны"),
        ("ar", "قال وزير النقل سعيد القحطاني إن الجسر سيبقى مغلقا حتى الربيع.", "إن الجسر سيبقى مغلقا حتى الربيع"),
    ],
)  # fmt: skip
def test_what_is_said(language: str, body: str, said: str) -> None:
    (relation,) = TAGGER.tag(Document("", body, language)).relations
    assert (relation.type, relation.text) == ("said", said)
    assert body[relation.start : relation.end] == said
