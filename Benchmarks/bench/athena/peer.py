"""A peer's turn: python -m bench.athena.peer PEER all|many POLLING BUCKET DATABASE [COUNT].

PEER is a mode of awswrangler (ctas, unload, plain) or a cursor of PyAthena (arrow, arrow-unload); POLLING is
`default`, or the seconds between two questions whether a query is over. Prints seconds without the start of the
process and its imports, rows, and sums of columns, as ours does.
"""

import functools
import os
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import awswrangler
import boto3
import pyarrow.fs
import pyathena
from pyathena.arrow.cursor import ArrowCursor

MODES = {
    "ctas": {"ctas_approach": True},
    "unload": {"ctas_approach": False, "unload_approach": True},
    "plain": {"ctas_approach": False, "unload_approach": False}}  # fmt: skip


class Wrangler:
    def __init__(self, mode: str, polling: str, bucket: str, database: str):
        for name in ("s3", "athena", "glue", "sts"):
            setattr(awswrangler.config, f"{name}_endpoint_url", os.environ["AWS_ENDPOINT_URL"])
        self.bucket, self.unload = bucket, mode == "unload"
        self.options = {"database": database, "workgroup": "primary", "boto3_session": boto3.Session(), **MODES[mode]}
        if polling != "default":
            self.options["athena_query_wait_polling_delay"] = float(polling)

    def sums(self, sql: str, *columns: str):
        """The rows of an answer, and a function that adds up its columns, which is not timed."""
        place = f"s3://{self.bucket}/results/{uuid.uuid4().hex}/" if self.unload else f"s3://{self.bucket}/results/"
        frame = awswrangler.athena.read_sql_query(sql, s3_output=place, **self.options)
        return lambda: (len(frame), *(frame[column].sum() for column in columns))


class PyAthena:
    def __init__(self, cursor: str, polling: str, bucket: str, database: str):
        # pyarrow's S3 is AWS's C++ client, which has to be told.
        pyarrow.fs.S3FileSystem = functools.partial(
            pyarrow.fs.S3FileSystem, endpoint_override=os.environ["AWS_ENDPOINT_URL"].removeprefix("http://"),
            scheme="http")
        options = {} if polling == "default" else {"poll_interval": float(polling)}
        self.unload = cursor == "arrow-unload"
        self.connection = pyathena.connect(
            s3_staging_dir=f"s3://{bucket}/results/", schema_name=database, cursor_class=ArrowCursor,
            region_name=os.environ["AWS_REGION"], **options)

    def sums(self, sql: str, *columns: str):
        with self.connection.cursor(unload=self.unload) as cursor:
            table = cursor.execute(sql).as_arrow()
        # Without UNLOAD its decimals are texts.
        return lambda: (
            table.num_rows,
            *(sum(Decimal(str(value)) for value in table[column].to_pylist() if value is not None)
              for column in columns))  # fmt: skip


def main(peer: str, what: str, polling: str, bucket: str, database: str, count: str = "0"):
    side = (Wrangler if peer in MODES else PyAthena)(peer, polling, bucket, database)
    if what == "all":
        start = time.perf_counter()
        sums = side.sums("SELECT * FROM lineitem_versions", "l_quantity", "l_orderkey")
        seconds = time.perf_counter() - start
        rows, quantity, key = sums()
        print(seconds, rows, int(quantity * 100), int(key))
        return
    sql = [
        f"SELECT count(*) AS n, sum(l_quantity) AS quantity FROM lineitem_versions WHERE l_suppkey = {supplier}"
        for supplier in range(1, int(count) + 1)]
    start = time.perf_counter()
    with ThreadPoolExecutor(len(sql)) as threads:
        answers = list(threads.map(lambda text: side.sums(text, "n", "quantity"), sql))
    seconds = time.perf_counter() - start
    sums = [answer() for answer in answers]
    print(seconds, sum(int(n) for _, n, _ in sums), sum(int((quantity or 0) * 100) for _, _, quantity in sums))


if __name__ == "__main__":
    main(*sys.argv[1:])
