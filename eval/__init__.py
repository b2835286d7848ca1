"""The evaluation harness: suites in, runs out, scores beside them. No judge model needed."""
