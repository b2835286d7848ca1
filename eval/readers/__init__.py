"""One small file for each form that a suite can have."""
