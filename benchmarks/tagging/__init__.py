"""How long tagging takes, by language, by length of text and by size of the gazetteer."""
