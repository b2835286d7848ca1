"""The small local models: text to vector, and counting tokens."""
