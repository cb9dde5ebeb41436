"""What an article is about: IPTC Media Topics by rules that are data, each topic with the words that decided."""

from newsfeed.subjects.errors import RuleError
from newsfeed.subjects.tagger import Explanation, SubjectTagger, SubjectTags
from newsfeed.subjects.weigh import Contribution

__all__ = [
    "Contribution", "Explanation", "RuleError", "SubjectTagger", "SubjectTags",
]  # fmt: skip
