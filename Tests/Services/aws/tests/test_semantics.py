"""Where DuckDB by itself would answer otherwise, the laboratory answers as Athena does."""

from __future__ import annotations

import datetime
import math
from decimal import Decimal

import pyarrow as pa
import pytest
from bench import Bench

UTC = datetime.UTC
BIGGEST = 2**63 - 1


def moment(*parts: int) -> datetime.datetime:
    return datetime.datetime(*parts, tzinfo=UTC)  # type: ignore[misc]


def test_timestamps_of_files_are_rounded_to_three_digits(bench: Bench) -> None:
    table = bench.make_table({"id": "int", "at": "timestamp"})
    times = [moment(2024, 2, 29, 23, 59, 59, 999_500), moment(2024, 2, 29, 23, 59, 59, 999_499),
             moment(1969, 12, 31, 23, 59, 59, 999_500), moment(1969, 12, 31, 23, 59, 59, 998_499)]
    bench.put_parquet(f"{table}/f.parquet", pa.table({
        "id": pa.array([1, 2, 3, 4], pa.int32()), "at": pa.array(times, pa.timestamp("us", "UTC"))}))
    assert bench.rows(f"SELECT at FROM {table} ORDER BY id") == [
        ("2024-03-01 00:00:00.000",), ("2024-02-29 23:59:59.999",), ("1970-01-01 00:00:00.000",),
        ("1969-12-31 23:59:59.998",)]
    assert bench.rows(f"SELECT count(*) FROM {table} WHERE at >= TIMESTAMP '2024-03-01 00:00:00'") == [("1",)]


def test_casts_to_timestamp_round_too_but_literals_keep_their_digits(bench: Bench) -> None:
    assert bench.value("CAST('2024-01-01 00:00:00.0005' AS timestamp)") == "2024-01-01 00:00:00.001"
    assert bench.value("TIMESTAMP '2024-01-01 00:00:00.123456'") == "2024-01-01 00:00:00.123456"
    assert bench.value("CAST(TIMESTAMP '2024-01-01 00:00:00' AS varchar)") == "2024-01-01 00:00:00.000"


def test_the_sum_of_bigints_overflows_with_an_error(bench: Bench) -> None:
    values = f"(VALUES {BIGGEST}, 1) AS t(x)"
    assert bench.failure(f"SELECT sum(x) FROM {values}").startswith("NUMERIC_VALUE_OUT_OF_RANGE")
    assert bench.failure(f"SELECT sum(x) OVER () FROM {values}").startswith("NUMERIC_VALUE_OUT_OF_RANGE")
    assert bench.failure(f"SELECT sum(x) FILTER (WHERE x > 0) FROM {values}").startswith("NUMERIC_VALUE_OUT_OF")
    assert bench.failure(f"SELECT sum(x) - 1 FROM {values}").startswith("NUMERIC_VALUE_OUT_OF_RANGE")
    assert bench.rows(f"SELECT sum(CAST(x AS decimal(38,0))) FROM {values}") == [(str(BIGGEST + 1),)]
    assert bench.rows(f"SELECT sum(x) FROM {values} WHERE x = 1") == [("1",)]


@pytest.mark.parametrize("scale", [0, 10, 38])
def test_the_sum_of_decimals_overflows_with_an_error(bench: Bench, scale: int) -> None:
    """Beyond 38 digits, also where 128 bits have gone round once or more."""
    greatest = Decimal(f"{10**38 - 1}e-{scale}")
    for count in (2, 4, 7, 1000):
        values = f"(SELECT CAST('{greatest:f}' AS decimal(38,{scale})) AS x FROM UNNEST(sequence(1, {count})))"
        assert bench.failure(f"SELECT sum(x) FROM {values}").startswith("NUMERIC_VALUE_OUT_OF_RANGE")
        assert bench.failure(f"SELECT sum(x) FILTER (WHERE x > 0) FROM {values}").startswith("NUMERIC_VALUE")
        assert bench.rows(f"SELECT sum(DISTINCT x), sum(x - x) FROM {values}") == [
            (f"{greatest:f}", f"{Decimal(0).scaleb(-scale):f}")]


def test_the_sum_of_decimals_overflows_whichever_thread_read_them(bench: Bench) -> None:
    """DuckDB adds what each thread read without a look: of two files now one thread has both, now two one each."""
    table = bench.make_table({"x": "decimal(38,0)"})
    for number in range(2):
        bench.put_parquet(f"{table}/{number}.parquet", pa.table({"x": pa.array([10**38 - 1], pa.decimal128(38, 0))}))
    for _ in range(30):
        assert bench.failure(f"SELECT sum(x) FROM {table}").startswith("NUMERIC_VALUE_OUT_OF_RANGE")


def test_the_sum_of_no_rows_is_null_and_the_count_zero(bench: Bench) -> None:
    assert bench.rows("SELECT sum(x), count(x), avg(x) FROM (VALUES 1) AS t(x) WHERE x > 1") == [(None, "0", None)]


def test_arithmetic_on_bigints_overflows_with_an_error(bench: Bench) -> None:
    for operation in (f"{BIGGEST} + 1", f"-{BIGGEST} - 2", f"{BIGGEST} * 2"):
        assert bench.failure(f"SELECT {operation}").startswith("NUMERIC_VALUE_OUT_OF_RANGE")


@pytest.mark.parametrize(("expression", "value"), [
    ("7 / 2", "3"), ("-7 / 2", "-3"), ("7 % -2", "1"), ("-7 % 2", "-1"), ("7 / 2e0", "3.5"), ("1 / 3 * 3", "0"),
    (f"{BIGGEST} / 2", str(BIGGEST // 2)), ("CAST(7 AS bigint) / CAST(2 AS smallint)", "3")])
def test_integers_divide_to_integers_toward_zero(bench: Bench, expression: str, value: str) -> None:
    assert bench.value(expression) == value


def test_division_by_zero_is_an_error_but_for_doubles(bench: Bench) -> None:
    for expression in ("1 / 0", "1 % 0", "1.5 / 0", "1.5 % 0.0"):
        assert bench.failure(f"SELECT {expression}") == "DIVISION_BY_ZERO: Division by zero"
    assert bench.value("1e0 / 0") == "Infinity"
    assert bench.value("0e0 / 0") == "NaN"


def test_nulls_come_last_whichever_way_is_sorted(bench: Bench) -> None:
    values = "(VALUES 1, NULL, 2) AS t(x)"
    assert bench.rows(f"SELECT x FROM {values} ORDER BY x") == [("1",), ("2",), (None,)]
    assert bench.rows(f"SELECT x FROM {values} ORDER BY x DESC") == [("2",), ("1",), (None,)]
    assert bench.rows(f"SELECT x FROM {values} ORDER BY x DESC NULLS FIRST") == [(None,), ("2",), ("1",)]
    ranks = bench.rows(f"SELECT x, row_number() OVER (ORDER BY x DESC) AS n FROM {values} ORDER BY n")
    assert ranks == [("2", "1"), ("1", "2"), (None, "3")]


@pytest.mark.parametrize(("expression", "kind", "value"), [
    ("CAST(1 AS decimal(10,2)) / CAST(3 AS decimal(10,2))", (12, 2), "0.33"),
    ("CAST(2 AS decimal(10,2)) / CAST(3 AS decimal(10,4))", (16, 4), "0.6667"),
    ("CAST(-2 AS decimal(10,2)) / CAST(3 AS decimal(10,2))", (12, 2), "-0.67"),
    ("CAST(1.25 AS decimal(10,2)) * CAST(1.5 AS decimal(4,1))", (14, 3), "1.875"),
    ("CAST(1.25 AS decimal(10,2)) + CAST(1.5 AS decimal(4,1))", (11, 2), "2.75"),
    ("CAST(1.25 AS decimal(10,2)) * 3", (20, 2), "3.75"),
    ("CAST(1.25 AS decimal(10,2)) / 2", (10, 2), "0.63"),
    ("CAST(7.5 AS decimal(10,2)) % 2", (10, 2), "1.50"),
    ("round(CAST(2.345 AS decimal(10,3)), 2)", (11, 3), "2.350"),
    ("1.05", (3, 2), "1.05"), ("0.05", (2, 2), "0.05")])
def test_decimals_have_athenas_precision_and_scale(bench: Bench, expression: str, kind: tuple[int, int],
                                                   value: str) -> None:
    execution = bench.run(f"SELECT {expression}")
    found = bench.athena.get_query_results(QueryExecutionId=execution["QueryExecutionId"])["ResultSet"]
    assert found["Rows"][1]["Data"][0]["VarCharValue"] == value
    if "CAST" in expression:
        info = found["ResultSetMetadata"]["ColumnInfo"][0]
        assert (info["Precision"], info["Scale"]) == kind


def test_aggregates_of_decimals_keep_the_scale(bench: Bench) -> None:
    values = "(SELECT CAST(x AS decimal(10,2)) AS x FROM (VALUES 1.00, 1.00, 2.25) AS v(x)) AS t"
    assert bench.rows(f"SELECT sum(x), avg(x), sum(x) / count(*) FROM {values}") == [("4.25", "1.42", "1.42")]
    assert bench.rows(f"SELECT avg(x) OVER () FROM {values} LIMIT 1") == [("1.42",)]


def test_decimal_products_have_room_for_38_digits(bench: Bench) -> None:
    assert bench.value("CAST(9999999999.99 AS decimal(12,2)) * 1000000000") == "9999999999990000000.00"
    product = "CAST(99999999999999999999 AS decimal(20,0)) * CAST(99999999999999999999 AS decimal(20,0))"
    assert bench.failure(f"SELECT {product}").startswith("NUMERIC_VALUE_OUT_OF_RANGE")


def test_a_big_decimal_quotient_is_exact(bench: Bench) -> None:
    big = "CAST('99999999999999999999999999999999.999999' AS decimal(38,6))"
    assert bench.value(f"{big} / CAST(1 AS decimal(1,0))") == "99999999999999999999999999999999.999999"


def test_the_average_of_integers_is_a_double(bench: Bench) -> None:
    assert bench.rows("SELECT avg(x) FROM (VALUES 1, 2) AS t(x)") == [("1.5",)]


def test_text_is_ordered_by_code_point(bench: Bench) -> None:
    words = ["a", "B", "Z", "ä", "z", "€", "\ufffd", "😀", "", " "]
    listed = ", ".join(f"'{word}'" for word in words)
    expected = [(word,) for word in sorted(words)]
    assert bench.rows(f"SELECT x FROM (VALUES {listed}) AS t(x) ORDER BY x") == expected
    assert bench.value("'a' < 'B'") == "false"
    assert bench.rows(f"SELECT min(x), max(x) FROM (VALUES {listed}) AS t(x)") == [("", "😀")]


def test_nan_is_the_greatest_in_order_and_equal_to_nothing(bench: Bench) -> None:
    table = bench.make_table({"x": "double"})
    bench.put_parquet(f"{table}/f.parquet", pa.table({"x": [1.0, math.nan, math.inf, None, -math.inf]}))
    assert bench.rows(f"SELECT x FROM {table} ORDER BY x") == [("-Infinity",), ("1.0",), ("Infinity",), ("NaN",),
                                                               (None,)]
    assert bench.rows(f"SELECT x FROM {table} ORDER BY x DESC LIMIT 1") == [("NaN",)]
    for condition, count in (("x = nan()", "0"), ("x <> 1", "3"), ("x > 1", "1"), ("x >= nan()", "0"),
                             ("x < nan()", "0"), ("x IN (1, nan())", "1"), ("x BETWEEN 0 AND infinity()", "2"),
                             ("NOT x > 1", "3"), ("is_nan(x)", "1")):
        assert bench.rows(f"SELECT count(*) FROM {table} WHERE {condition}") == [(count,)], condition
    assert bench.rows(f"SELECT count(DISTINCT x) FROM {table}") == [("4",)]


def test_unlike_types_are_not_compared(bench: Bench) -> None:
    for condition in ("'1' = 1", "DATE '2024-01-01' = '2024-01-01'", "true = 1", "1 IN ('1')",
                      "'2024-01-01' BETWEEN DATE '2024-01-01' AND DATE '2024-01-02'"):
        assert bench.failure(f"SELECT {condition}").startswith("TYPE_MISMATCH")
    assert bench.value("DATE '2024-01-01' < TIMESTAMP '2024-01-01 00:00:01'") == "true"
    assert bench.value("1 = 1.0") == "true"


def test_casts_round_half_away_from_zero_and_cut_text(bench: Bench) -> None:
    assert bench.value("CAST(2.5e0 AS bigint)") == "3"
    assert bench.value("CAST(-2.5e0 AS bigint)") == "-3"
    assert bench.value("CAST('abcdef' AS varchar(3))") == "abc"
    assert bench.value("TRY_CAST('x' AS bigint)") is None


def test_differences_of_dates_count_whole_units(bench: Bench) -> None:
    early, late = "TIMESTAMP '2024-01-01 23:00:00'", "TIMESTAMP '2024-01-02 01:00:00'"
    assert bench.value(f"date_diff('day', {early}, {late})") == "0"
    assert bench.value(f"date_diff('hour', {early}, {late})") == "2"
    assert bench.value("date_add('month', 1, DATE '2024-01-31')") == "2024-02-29"
    assert bench.value("date_trunc('month', DATE '2024-02-29')") == "2024-02-01"


def test_doubles_are_written_as_java_writes_them(bench: Bench) -> None:
    for expression, text in (("1e7", "1.0E7"), ("1234567.5e0", "1234567.5"), ("1e-3", "0.001"), ("1e-4", "1.0E-4"),
                             ("0e0", "0.0"), ("-1.5e300", "-1.5E300"), ("1e0 / 3", "0.3333333333333333")):
        assert bench.value(expression) == text


def test_queries_within_queries_keep_the_rules(bench: Bench) -> None:
    sql = ("WITH v AS (SELECT * FROM (VALUES (1, 2), (3, 2), (5, NULL)) AS t(a, b)), w AS (SELECT a / b AS q FROM v) "
           "SELECT q / 2, (SELECT sum(q) / 2 FROM w) FROM (SELECT q FROM w UNION ALL SELECT 7) u ORDER BY q")
    assert bench.rows(sql) == [("0", "0"), ("0", "0"), ("3", "0"), (None, "0")]


def test_a_division_of_unknown_types_is_refused_rather_than_guessed(bench: Bench) -> None:
    sql = "SELECT reduce(ARRAY[1, 2], 0, (s, x) -> s + x, s -> s) / 2"
    assert "cannot tell the type" in bench.failure(sql)


def test_the_dialect_is_athenas(bench: Bench) -> None:
    assert bench.value("date_format(TIMESTAMP '2024-02-03 04:05:06', '%Y-%m')") == "2024-02"
    assert bench.value("element_at(ARRAY[10, 20], 2)") == "20"
    assert bench.value("json_extract_scalar('{\"a\": {\"b\": 7}}', '$.a.b')") == "7"
    assert bench.value("strpos('abc', 'c')") == "3"
    assert bench.rows("SELECT e FROM (SELECT ARRAY[1, 2] AS a) t CROSS JOIN UNNEST(a) AS u(e) ORDER BY e") == [
        ("1",), ("2",)]
    assert bench.rows("SELECT approx_distinct(x), count_if(x > 1), max_by(x, -x), arbitrary(7) "
                      "FROM (VALUES 1, 2, 2) AS t(x)") == [("2", "2", "1", "7")]


def test_nested_values_of_files_are_read_and_written(bench: Bench) -> None:
    table = bench.make_table({"a": "array<int>", "s": "struct<n:bigint,t:string>", "m": "map<string,int>",
                              "b": "binary", "d": "decimal(38,10)"})
    bench.put_parquet(f"{table}/f.parquet", pa.table({
        "a": pa.array([[1, None]], pa.list_(pa.int32())),
        "s": pa.array([{"n": 1, "t": "x"}], pa.struct([("n", pa.int64()), ("t", pa.string())])),
        "m": pa.array([[("k", 1)]], pa.map_(pa.string(), pa.int32())), "b": pa.array([b"\x00\xff"]),
        "d": pa.array([Decimal("1234567890123456789012345678.0123456789")], pa.decimal128(38, 10))}))
    assert bench.rows(f"SELECT * FROM {table}") == [
        ("[1, null]", "{n=1, t=x}", "{k=1}", "00 ff", "1234567890123456789012345678.0123456789")]
    assert bench.rows(f"SELECT s.t, m['k'], cardinality(a) FROM {table}") == [("x", "1", "2")]


def test_decimal_literals_have_the_digits_that_are_written(bench: Bench) -> None:
    nines = "9" * 38
    assert bench.value("DECIMAL '12.50'") == "12.50"
    assert bench.value("DECIMAL '-0.050' + DECIMAL '1'") == "0.950"
    assert bench.value(f"DECIMAL '{nines}'") == nines
    assert bench.value("DECIMAL '0.1' = DECIMAL '0.10'") == "true"
    assert bench.value("CAST('1.5' AS decimal(38,0))") == "2"
    for literal in (f"{nines}9", "abc"):
        with pytest.raises(bench.athena.exceptions.InvalidRequestException, match="DECIMAL"):
            bench.start(f"SELECT DECIMAL '{literal}'")
