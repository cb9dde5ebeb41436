"""The project's own gold set (`benchmarks/gold`): actors, topics and not-news, tagged completely by hand, in six languages."""
