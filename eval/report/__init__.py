"""One self-contained HTML file from stored runs, and Markdown and JUnit XML of the same figures."""
