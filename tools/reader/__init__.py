"""How the reader is made: data, model, training, export and measurement. Needs torch and the shared data."""
