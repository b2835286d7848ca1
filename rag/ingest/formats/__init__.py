"""One small module a format: bytes to pieces of text with their markup."""
