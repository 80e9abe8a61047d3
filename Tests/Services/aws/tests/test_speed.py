"""What the laboratory promises about time."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import requests
from bench import Bench, start_laboratory


def test_it_starts_in_under_five_seconds(tmp_path: Path, record_property: Any) -> None:
    best = 1e9
    for attempt in range(3):
        folder = tmp_path / str(attempt)
        folder.mkdir()
        process, settings, took = start_laboratory(folder)
        assert requests.get(settings["TOKYO_TEST_AWS_ENDPOINT_URL"] + "/_laboratory/health", timeout=5).json()["ready"]
        process.terminate()
        assert process.wait(30) == 0
        best = min(best, took)
        if best < 5:
            break
    record_property("start_seconds", round(best, 2))
    print(f"started in {best:.2f} s")
    assert best < 5


def test_a_thousand_small_queries_run_in_under_two_minutes(bench: Bench, record_property: Any) -> None:
    table = bench.make_table({"id": "bigint", "price": "decimal(12,2)"}, {"day": "string"})
    columns = {"id": "bigint", "price": "decimal(12,2)"}
    for day in range(10):
        bench.put_parquet(f"{table}/{day}/f.parquet", pa.table({
            "id": pa.array(range(100), pa.int64()), "price": pa.array([Decimal(n) for n in range(100)],
                                                                             pa.decimal128(12, 2))}))
        bench.add_partition(table, columns, [str(day)], f"s3://{bench.bucket}/{table}/{day}/")
    local = threading.local()

    def ask(number: int) -> str | None:
        if not hasattr(local, "athena"):
            local.athena = bench.client("athena")
        sql = f"SELECT sum(price) / count(*) AS p FROM {table} WHERE day = '{number % 10}' AND id <= {number % 97}"
        started = local.athena.start_query_execution(
            QueryString=sql, QueryExecutionContext={"Database": bench.database},
            ResultConfiguration={"OutputLocation": bench.output})["QueryExecutionId"]
        while local.athena.get_query_execution(
                QueryExecutionId=started)["QueryExecution"]["Status"]["State"] in ("QUEUED", "RUNNING"):
            time.sleep(0.02)
        rows = local.athena.get_query_results(QueryExecutionId=started)["ResultSet"]["Rows"]
        return rows[1]["Data"][0]["VarCharValue"]

    begun = time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(ask, range(1000)))
    took = time.monotonic() - begun
    record_property("seconds", round(took, 1))
    print(f"1,000 queries in {took:.1f} s")
    assert found == [f"{number % 97 / 2:.2f}" for number in range(1000)]
    assert took < 120
