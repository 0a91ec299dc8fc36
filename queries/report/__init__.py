"""What an author acts on: findings, readings and notes grouped by their root cause, across checks."""

from __future__ import annotations

from queries.report.causes import Settled, count_children, numbered, settle

__all__ = ["Settled", "count_children", "numbered", "settle"]
