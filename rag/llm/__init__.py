"""Language models: named as KIND:MODEL, reached through LlamaIndex's integrations, each call under one deadline."""
