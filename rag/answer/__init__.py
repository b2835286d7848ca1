"""Question and hits to a cited answer, or to an honest no."""
