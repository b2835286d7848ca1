"""Question to hits: stand-alone question, two searches, one ranking."""
