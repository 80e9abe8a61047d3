"""The tables that are written and read, made once and kept.

Each is kept as a Parquet file in the plainest form (no dictionary, no compression, row groups of 2^20 rows) that every
side reads into its own memory before a clock starts.
"""

import importlib.util
import os
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

# Part of the files' names: raised when what is made changes.
EDITION = 1
BILLING_ROWS = 4_000_000


def prepare(table: str, scale: float, folder: Path) -> Path:
    """The path of a table's file, which is made where it is not there yet."""
    path = folder / f"{table}-{scale:g}-{EDITION}.parquet"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(f".{os.getpid()}")
        pq.write_table(
            TABLES[table](scale), unfinished, row_group_size=1 << 20, use_dictionary=False, compression="none",
            write_statistics=False)
        unfinished.rename(path)
    return path


def lineitem(scale: float) -> pa.Table:
    """TPC-H's lineitem by DuckDB's generator, in the order of its key."""
    package = importlib.util.find_spec("duckdb_extension_tpch").submodule_search_locations[0]
    extension = Path(package, "extensions", f"v{duckdb.__version__}", "tpch.duckdb_extension")
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        connection.load_extension(str(extension))
        connection.execute(f"CALL dbgen(sf = {scale})")
        rows = connection.execute("SELECT * FROM lineitem ORDER BY l_orderkey, l_linenumber")
        return rows.to_arrow_table()


def billing(scale: float) -> pa.Table:
    """Invoices of a few months in the order in which they were made, the same in every run."""
    count = int(BILLING_ROWS * scale)
    random = np.random.Generator(np.random.PCG64(20260101))

    def column(values, kind: pa.DataType, nulls: float = 0.0) -> pa.Array:
        return pa.array(values, kind, mask=random.random(count) < nulls if nulls else None)

    def chosen(words: list[str], weights: list[float], nulls: float = 0.0) -> pa.Array:
        codes = column(random.choice(len(words), count, p=weights).astype(np.int32), pa.int32(), nulls)
        return pa.DictionaryArray.from_arrays(codes, words).cast(pa.string())

    # A few customers have most of the invoices.
    customers = np.minimum((random.pareto(1.2, count) * 400).astype(np.int64), 199_999) + 1
    cents = np.round(np.exp(random.normal(8.5, 1.4, count))).astype(np.int64) % 10**10
    # An invoice every two seconds and a bit; some are written down a little late.
    made = 1_735_689_600_000_000 + np.arange(count) * 2_100_000 + random.integers(0, 1_500_000, count)
    paid = made + random.integers(3_600, 40 * 86_400, count) * 1_000_000
    return pa.table(
        {
            "id": column(10_000_001 + np.arange(count), pa.int64()),
            "customer_id": column(customers, pa.int64()),
            "status": chosen(["paid", "open", "overdue", "canceled", "refunded"], [0.78, 0.12, 0.05, 0.03, 0.02]),
            "currency": chosen(["JPY", "USD", "EUR", "GBP", "AUD"], [0.7, 0.14, 0.1, 0.04, 0.02]),
            "amount": decimals(cents),
            "tax": decimals(cents // 10, random.random(count) < 0.03),
            "issued_at": column(made, pa.timestamp("us", "UTC")),
            "paid_at": column(paid, pa.timestamp("us", "UTC"), nulls=0.2),
            "due_on": column((made // 86_400_000_000 + 30).astype(np.int32), pa.int32()).cast(pa.date32()),
            "is_business": column(random.random(count) < 0.3, pa.bool_()),
            "usage": column(random.gamma(2.0, 35.0, count), pa.float64(), nulls=0.1),
            "reference": identifiers(random, count),
            "note": notes(random, count),
        })


def decimals(cents: np.ndarray, mask: np.ndarray | None = None) -> pa.Array:
    """Hundredths as decimal(12,2), which Arrow keeps in 16 bytes."""
    words = np.zeros((len(cents), 2), np.int64)
    words[:, 0] = cents
    valid = None if mask is None else pa.py_buffer(np.packbits(~mask, bitorder="little"))
    return pa.Array.from_buffers(pa.decimal128(12, 2), len(cents), [valid, pa.py_buffer(words)])


def identifiers(random: np.random.Generator, count: int) -> pa.Array:
    """Texts in the form of a UUID, all different."""
    digits = np.frombuffer(b"0123456789abcdef", np.uint8)[random.integers(0, 16, (count, 36), np.uint8)]
    digits[:, [8, 13, 18, 23]] = ord("-")
    digits[:, 14] = ord("4")
    return texts(digits.reshape(-1), np.full(count, 36, np.int64))


def notes(random: np.random.Generator, count: int) -> pa.Array:
    """Free text of two to eleven words, absent from two thirds of the rows."""
    syllables = ["ka", "mo", "ri", "ten", "shi", "do", "yu", "nan", "so", "ba", "ke", "lo", "ver", "pa", "ti", "gu"]
    words = ["".join(random.choice(syllables, random.integers(1, 5))) + " " for _ in range(3_000)]
    lengths = np.array([len(word) for word in words], np.int64)
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    letters = np.frombuffer("".join(words).encode(), np.uint8)
    present = random.random(count) < 1 / 3
    number = np.where(present, random.integers(2, 12, count), 0)
    # Common words are common.
    chosen = (random.random(int(number.sum())) ** 2 * len(words)).astype(np.int64)
    sizes = lengths[chosen]
    ends = np.cumsum(sizes)
    places = np.repeat(starts[chosen] - (ends - sizes), sizes) + np.arange(int(ends[-1]) if len(ends) else 0)
    after = np.concatenate([[0], ends])[np.cumsum(number)]
    return texts(letters[places], np.diff(after, prepend=0), ~present)


def texts(letters: np.ndarray, lengths: np.ndarray, mask: np.ndarray | None = None) -> pa.Array:
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    valid = None if mask is None else pa.py_buffer(np.packbits(~mask, bitorder="little"))
    return pa.Array.from_buffers(
        pa.string(), len(lengths), [valid, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(letters))])


TABLES = {"lineitem": lineitem, "billing": billing}
