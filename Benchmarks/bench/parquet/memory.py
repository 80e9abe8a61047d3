"""Whether the memory of a streaming write grows with the number of rows."""

import subprocess
from collections.abc import Iterator
from statistics import median

from bench.context import Context
from bench.rows import Row
from bench.worker import WorkerFailed

ROWS = 2_000_000
BAR = 0.05
# The peak is reached once a few row groups were filled, written and forgotten: below that the number of rows counts.
# With many more the footer reaches its budget, from where on row groups are twice as large.
ROW_GROUPS = 5


def streaming_write(context: Context, threads: int) -> Iterator[Row]:
    """How far the peak at 3 and at 10 times the rows lies above that at their single number."""
    rows = ROWS
    while _peak(context, rows, threads)[1] < ROW_GROUPS:
        rows *= 2
    slopes: dict[int, list[float]] = {3: [], 10: []}
    for _ in range(context.rounds):
        once, _ = _peak(context, rows, threads)
        for factor, found in slopes.items():
            peak, _ = _peak(context, rows * factor, threads)
            found.append(peak / once - 1)
            context.note(f"{threads} threads: {once:,} bytes for {rows:,} rows, {peak:,} for {factor} times as many")
    for factor, found in slopes.items():
        slope = median(found)
        yield Row(
            "parquet", f"memory-write-{threads}t/{factor}x", "slope", slope, "limit", BAR, slope, BAR, found)


def _peak(context: Context, rows: int, threads: int) -> tuple[int, int]:
    """The peak memory of a new process in bytes, and the row groups that it wrote."""
    path = context.work / "streamed.parquet"
    finished = subprocess.run(
        [str(context.binaries / "parquet-bench"), "memory", str(path), str(rows), str(threads)], text=True,
        capture_output=True)
    path.unlink(missing_ok=True)
    if finished.returncode:
        raise WorkerFailed(f"writing {rows} rows ended with {finished.returncode}: {finished.stderr.strip()}")
    peak, row_groups, _ = finished.stdout.split("\t")
    return int(peak), int(row_groups)
