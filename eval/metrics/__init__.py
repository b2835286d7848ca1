"""Pure functions from a judged case to numbers, and the table of all metrics."""

from eval.metrics.base import Metric, Row
from eval.metrics.table import METRICS, metric_of, named, usual

__all__ = ["METRICS", "Metric", "Row", "metric_of", "named", "usual"]
