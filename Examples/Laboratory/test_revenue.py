"""What the laboratory lets a service's tests say: right answers, bad days, and the price."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from botocore.exceptions import ClientError
from revenue import ReportFailed, Revenue

Control = Callable[..., dict[str, Any]]


def test_a_month_is_the_sum_of_its_days(revenue: Revenue) -> None:
    revenue.file_day("2024-02-28", [(1, Decimal("10.50")), (2, Decimal("0.25"))])
    revenue.file_day("2024-02-29", [(3, Decimal("-0.75"))])
    revenue.file_day("2024-03-01", [(4, Decimal("99.00"))])
    assert revenue.of_month("2024-02") == Decimal("10.00")
    assert revenue.of_month("2023-01") is None


def test_a_day_is_filed_once(revenue: Revenue) -> None:
    revenue.file_day("2024-02-28", [(1, Decimal("10.50"))])
    with pytest.raises(ClientError, match="PreconditionFailed"):
        revenue.file_day("2024-02-28", [(1, Decimal("11.00"))])
    assert revenue.of_month("2024-02") == Decimal("10.50")


def test_a_report_lives_through_throttling(revenue: Revenue, control: Control) -> None:
    revenue.file_day("2024-02-28", [(1, Decimal("1.00"))])
    control("POST", "/faults", {"seed": 7, "rules": [
        {"operation": "athena:*", "kind": "throttle", "probability": 0.5, "times": 3}]})
    assert revenue.of_month("2024-02") == Decimal("1.00")


def test_a_failed_query_is_an_error_and_never_a_wrong_number(revenue: Revenue, control: Control) -> None:
    control("POST", "/faults", {"rules": [{"operation": "athena:Execution", "kind": "fail",
                                           "message": "GENERIC_INTERNAL_ERROR: a worker went away"}]})
    with pytest.raises(ReportFailed, match="a worker went away"):
        revenue.of_month("2024-02")


def test_a_report_reads_the_days_of_its_month_only(revenue: Revenue, control: Control) -> None:
    for month in ("01", "02", "03"):
        revenue.file_day(f"2024-{month}-10", [(1, Decimal("1.00"))])
    since = control("GET", "/log")["entries"][-1]["number"]
    revenue.of_month("2024-02")
    revenue.of_month("2024-%")
    one, three = (entry["note"]["scanned_bytes"] for entry in
                  control("GET", f"/log?since={since}&operation=athena:Execution")["entries"])
    assert three == 3 * one > 0
