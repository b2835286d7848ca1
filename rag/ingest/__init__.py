"""File to article to passages: read, split, sync."""
