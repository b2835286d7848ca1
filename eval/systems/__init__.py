"""Whatever can be asked: our own corpus, a server, a Python function, a baseline."""
