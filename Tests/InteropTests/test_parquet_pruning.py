"""Statistics, indexes, sizes, checksums and bloom filters of what we write, against the rows of its chunks."""

import zlib

import pytest
import xxhash

import parquet_footer
import parquet_levels
import parquet_program
import thrift_compact
from parquet_footer import get

CUT = 64


def chunks(matrix, name):
    """Each chunk with its leaf, and the first row of its row group and the one after the last."""
    footer = parquet_footer.Footer.read(matrix.path(name))
    leaves = list(parquet_levels.leaves(matrix.columns(name)))
    assert [leaf.path for leaf in leaves] == [
        chunk.path for _, group in footer.row_groups[:1] for chunk in group
    ] or not footer.row_groups
    first = 0
    for rows, group in footer.row_groups:
        for leaf, chunk in zip(leaves, group, strict=True):
            yield chunk, leaf, first, first + rows
        first += rows
    assert first == len(leaves[0].column.values)


@pytest.fixture(scope="module", params=parquet_program.CONTENTS)
def every(request, matrix):
    """The chunks of all files of a content, with the name of each for messages."""
    return [
        (f"{name} {chunk.path} rows {first}..<{end}", chunk, leaf, first, end)
        for name in matrix.names(request.param)
        for chunk, leaf, first, end in chunks(matrix, name)
    ]


def has_shorter_bound(value, kind):
    """Whether some string of at most CUT bytes is greater: one whose beginning has something to increment."""
    if kind == "string":
        return value[:CUT].decode(errors="ignore").strip("\U0010ffff") != ""
    return value[:CUT].strip(b"\xff") != b""


def bound_problem(found, expected, is_exact, is_lower, kind, label):
    """What is wrong with one bound of a chunk or page, in words."""
    may_be_cut = kind == "bytes" or (kind == "string" and label != "uuid")
    if not may_be_cut or len(expected) <= CUT:
        if found != expected:
            return f"{found!r} instead of {expected!r}"
        return None if is_exact in (True, None) else "not said to be exact"
    if is_lower:
        fits = found == expected[: len(found)] and CUT - 4 < len(found) <= CUT
    elif not has_shorter_bound(expected, kind):
        return None if found == expected and is_exact in (True, None) else "no whole value"
    else:
        fits = found > expected and len(found) <= CUT
    if not fits:
        return f"{found!r} is no bound of {expected!r}"
    return "said to be exact" if is_exact else None


def test_chunk_statistics_are_those_of_the_rows(every):
    problems = []
    for where, chunk, leaf, first, end in every:
        values = leaf.values[leaf.slots(first, end)]
        statistics = chunk.statistics
        if chunk.values != len(values):
            problems.append(f"{where}: {chunk.values} values instead of {len(values)}")
        nulls = sum(value is None for value in values)
        if get(statistics, 3) != nulls:
            problems.append(f"{where}: null count {get(statistics, 3)} instead of {nulls}")
        expected = parquet_levels.bounds(values, leaf.kind, leaf.label)
        high, low = get(statistics, 5), get(statistics, 6)
        if expected is None:
            if low is not None or high is not None:
                problems.append(f"{where}: bounds {low!r} and {high!r} instead of none")
            continue
        for found, bound, exact, is_lower in [(low, expected[0], 8, True), (high, expected[1], 7, False)]:
            if found is None:
                # A chunk says nothing where only the whole value bounds it.
                if is_lower or len(bound) <= CUT or has_shorter_bound(bound, leaf.kind):
                    problems.append(f"{where}: no bound like {bound!r}")
                continue
            is_exact = get(statistics, exact)
            if is_exact is None:
                problems.append(f"{where}: field {exact} is left out")
            if problem := bound_problem(found, bound, is_exact, is_lower, leaf.kind, leaf.label):
                problems.append(f"{where}: {problem}")
    assert problems == []


def test_the_offset_index_has_the_pages(every):
    problems = []
    for where, chunk, leaf, first, end in every:
        pages = [page for page in chunk.pages if page.kind != "DICTIONARY_PAGE"]
        index = chunk.offset_index
        if index is None or [entry[:2] for entry in index] != [(page.offset, page.size) for page in pages]:
            problems.append(f"{where}: {index} instead of {[(page.offset, page.size) for page in pages]}")
            continue
        slot = leaf.starts[first]
        for page, (_, _, row) in zip(pages, index):
            if leaf.starts[first + row] != slot:
                problems.append(f"{where}: the page of row {row} begins elsewhere")
            if page.kind == "DATA_PAGE_V2":
                following = [entry[2] for entry in index if entry[2] > row] + [end - first]
                if get(page.header, 8, 3) != following[0] - row:
                    problems.append(f"{where}: {get(page.header, 8, 3)} rows in the page of row {row}")
            slot += page.values
        if slot != leaf.starts[end]:
            problems.append(f"{where}: the pages have {slot - leaf.starts[first]} values")
    assert problems == []


def test_the_column_index_has_the_bounds_of_the_pages(every):
    problems = []
    for where, chunk, leaf, first, end in every:
        index = chunk.column_index
        starts = [first + row for _, _, row in chunk.offset_index] + [end]
        parts = [leaf.values[leaf.slots(a, b)] for a, b in zip(starts, starts[1:])]
        expected = [parquet_levels.bounds(part, leaf.kind, leaf.label) for part in parts]
        is_null = [all(value is None for value in part) for part in parts]
        if any(bound is None and not null for bound, null in zip(expected, is_null)):
            # A page with NaN has no bounds, and then the chunk has no index.
            if index is not None:
                problems.append(f"{where}: an index over pages with NaN")
            continue
        if index is None:
            problems.append(f"{where}: no column index")
            continue
        if get(index, 1) != is_null:
            problems.append(f"{where}: null pages {get(index, 1)}")
        if get(index, 5) != [sum(value is None for value in part) for part in parts]:
            problems.append(f"{where}: null counts {get(index, 5)}")
        for page, (bound, low, high) in enumerate(zip(expected, get(index, 2), get(index, 3), strict=True)):
            if bound is None:
                if low or high:
                    problems.append(f"{where}: bounds of page {page}, which has none")
                continue
            for found, each, is_lower in [(low, bound[0], True), (high, bound[1], False)]:
                if problem := bound_problem(found, each, None, is_lower, leaf.kind, leaf.label):
                    problems.append(f"{where}: page {page}: {problem}")
        key = parquet_levels.order(leaf.kind)
        for claimed, name, in_order in [(1, "ascending", sorted), (2, "descending", descending)]:
            lows = [key(low) for low, null in zip(get(index, 2), is_null) if not null]
            highs = [key(high) for high, null in zip(get(index, 3), is_null) if not null]
            holds = in_order(lows) == lows and in_order(highs) == highs
            if get(index, 4) == claimed and not holds:
                problems.append(f"{where}: pages are not {name}")
            if get(index, 4) == 0 and holds:
                problems.append(f"{where}: pages are {name}, which the index does not say")
    assert problems == []


def descending(values):
    return sorted(values, reverse=True)


def test_encoding_statistics_count_the_pages(every):
    problems = []
    for where, chunk, leaf, first, end in every:
        counted = {}
        for page in chunk.pages:
            counted[page.kind, page.encoding] = counted.get((page.kind, page.encoding), 0) + 1
        if chunk.encoding_statistics != counted:
            problems.append(f"{where}: {chunk.encoding_statistics} instead of {counted}")
        encodings = {parquet_footer.ENCODINGS[number] for number in get(chunk.metadata, 2)}
        if not {encoding for _, encoding in counted} <= encodings:
            problems.append(f"{where}: the encodings {encodings}")
        data = {encoding for kind, encoding in counted if kind != "DICTIONARY_PAGE"}
        wanted = leaf.column.encoding if leaf.kind == leaf.column.type else None
        values = leaf.values[leaf.slots(first, end)]
        if wanted and any(value is not None for value in values) and data != {wanted}:
            problems.append(f"{where}: pages in {data} where {wanted} was asked for")
    assert problems == []


def test_every_page_has_its_checksum(every):
    problems = []
    for where, chunk, *_ in every:
        for page in chunk.pages:
            end = page.offset + page.size
            body = chunk.footer.content[end - get(page.header, 3) : end]
            found = get(page.header, 4)
            if found is None or found & 0xFFFF_FFFF != zlib.crc32(body):
                problems.append(f"{where}: the page at {page.offset}")
    assert problems == []


def test_size_statistics_count_bytes_and_levels(every):
    problems = []
    for where, chunk, leaf, first, end in every:
        slots = leaf.slots(first, end)
        element, definition, repetition = chunk.leaf
        found = chunk.size_statistics
        if found is None:
            problems.append(f"{where}: no size statistics")
            continue
        if get(element, 1) == parquet_footer.BYTE_ARRAY:
            values = [value for value in leaf.values[slots] if value is not None]
            size = sum(len(v.encode()) if leaf.kind == "string" else len(v) // 2 for v in values)
            if get(found, 1) != size:
                problems.append(f"{where}: {get(found, 1)} bytes instead of {size}")
        elif get(found, 1) is not None:
            problems.append(f"{where}: a size of values that are no byte arrays")
        for field, levels, highest in [(2, leaf.repetition, repetition), (3, leaf.definition, definition)]:
            counts = [levels[slots].count(level) for level in range(highest + 1)]
            # The format lets histograms of one entry, and those of definition levels up to 1, be left out.
            missing = get(found, field) in (None, []) and highest <= (1 if field == 3 else 0)
            if not missing and get(found, field) != counts:
                problems.append(f"{where}: levels {get(found, field)} instead of {counts}")
    assert problems == []


def bloom_excludes(chunk, values):
    """For each value in bytes whether the chunk's split-block bloom filter rules it out."""
    salts = [0x47B6137B, 0x44974D91, 0x8824AD5B, 0xA2B7289D, 0x705495C7, 0x2DF1424B, 0x9EFC4947, 0x5C6BFB31]
    reader = thrift_compact.Reader(chunk.footer.content, get(chunk.metadata, 14))
    header = reader.struct()
    assert (get(header, 2), get(header, 3), get(header, 4)) == ({1: (12, {})},) * 3
    bits = reader.take(get(header, 1))
    assert reader.position - get(chunk.metadata, 14) == get(chunk.metadata, 15)
    for value in values:
        digest = xxhash.xxh64_intdigest(value)
        block = 32 * ((digest >> 32) * (len(bits) // 32) >> 32)
        words = [int.from_bytes(bits[block + 4 * i : block + 4 * i + 4], "little") for i in range(8)]
        yield any(
            not word >> ((digest & 0xFFFF_FFFF) * salt % 2**32 >> 27) & 1 for word, salt in zip(words, salts)
        )


def in_bytes(value, leaf):
    """A described value as PLAIN has it, without the length of byte arrays."""
    if leaf.kind in ("float", "double"):
        return bytes.fromhex(value)[::-1]
    if leaf.kind == "bytes":
        return bytes.fromhex(value)
    if leaf.kind in list(parquet_levels.parquet_rows.COUNTS):
        return parquet_levels.plain(value, leaf.kind)
    array = parquet_levels.comparable([value], leaf.kind, leaf.label)
    return parquet_levels.plain(array[0].as_py(), leaf.kind)


def test_bloom_filters_hold_the_values_and_few_others(every):
    problems = []
    for where, chunk, leaf, first, end in every:
        if not leaf.column.bloom:
            if get(chunk.metadata, 14) is not None:
                problems.append(f"{where}: a bloom filter that was not asked for")
            continue
        values = {v for v in leaf.values[leaf.slots(first, end)] if v is not None}
        if get(chunk.metadata, 14) is None:
            if values:
                problems.append(f"{where}: no bloom filter")
            continue
        if any(bloom_excludes(chunk, [in_bytes(value, leaf) for value in list(values)[:2000]])):
            problems.append(f"{where}: a value that is there is ruled out")
        strangers = [f"a stranger {number}".encode() for number in range(300)]
        passed = 300 - sum(bloom_excludes(chunk, strangers))
        if passed > 15:
            problems.append(f"{where}: {passed} of 300 strangers pass")
    assert problems == []
