"""How well actors are found: span-level precision, recall and F1 per data set, language and type."""
