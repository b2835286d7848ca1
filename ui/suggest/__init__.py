"""Questions to begin with and to go on with, made from the articles and asked before they are shown."""
