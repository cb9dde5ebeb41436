"""What alerts cost: stored queries against articles, and the same in Lucene Monitor."""
