"""Text as every rule sees it: folded words with a way back to the original."""

from newsfeed.text.document import Document
from newsfeed.text.fold import Folded, fold, fold_text

__all__ = ["Document", "Folded", "fold", "fold_text"]
