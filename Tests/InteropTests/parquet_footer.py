"""What a file's footer, page headers and indexes say, read by none of the Parquet libraries."""

import dataclasses
import functools

import thrift_compact

ENCODINGS = {
    0: "PLAIN", 2: "PLAIN_DICTIONARY", 3: "RLE", 4: "BIT_PACKED", 5: "DELTA_BINARY_PACKED",
    6: "DELTA_LENGTH_BYTE_ARRAY", 7: "DELTA_BYTE_ARRAY", 8: "RLE_DICTIONARY", 9: "BYTE_STREAM_SPLIT",
}
CODECS = {0: "UNCOMPRESSED", 1: "SNAPPY", 2: "GZIP", 6: "ZSTD"}
PAGES = {0: "DATA_PAGE", 2: "DICTIONARY_PAGE", 3: "DATA_PAGE_V2"}
BOOLEAN, INT32, INT64, INT96, FLOAT, DOUBLE, BYTE_ARRAY, FIXED = range(8)


def get(fields, *path):
    """What lies at a path of field numbers; of a list, its elements; None where nothing does."""
    for identifier in path:
        kind, fields = fields.get(identifier, (None, None))
        if fields is None:
            return None
    return fields[1] if kind in (thrift_compact.LIST, thrift_compact.SET) else fields


class Footer:
    def __init__(self, content):
        assert content[:4] == content[-4:] == b"PAR1"
        self.content = content
        length = int.from_bytes(content[-8:-4], "little")
        self.start = len(content) - 8 - length
        self.fields = thrift_compact.Reader(content, self.start).struct()

    @classmethod
    def read(cls, path):
        return cls(path.read_bytes())

    def with_fields(self):
        """The file's bytes with the footer as it was changed."""
        footer = thrift_compact.encoded(self.fields)
        return self.content[: self.start] + footer + len(footer).to_bytes(4, "little") + b"PAR1"

    @property
    def schema(self):
        return get(self.fields, 2)

    @functools.cached_property
    def row_groups(self):
        """For each row group its number of rows and its chunks."""
        return [
            (get(group, 3), [Chunk(self, column, chunk) for column, chunk in enumerate(get(group, 1))])
            for group in get(self.fields, 4)
        ]

    @functools.cached_property
    def leaves(self):
        """The elements that are columns of values, with their highest definition and repetition level."""
        elements = iter(self.schema)
        found = []

        def visit(definition, repetition, isRoot=False):
            element = next(elements)
            if not isRoot:
                definition += get(element, 3) != 0
                repetition += get(element, 3) == 2
            for _ in range(get(element, 5) or 0):
                visit(definition, repetition)
            if get(element, 1) is not None:
                found.append((element, definition, repetition))

        visit(0, 0, isRoot=True)
        return found


@dataclasses.dataclass
class Page:
    kind: str
    values: int
    encoding: str
    header: dict
    offset: int
    size: int


class Chunk:
    def __init__(self, footer, column, fields):
        self.footer = footer
        self.column = column
        self.fields = fields
        self.metadata = get(fields, 3)

    @property
    def leaf(self):
        """The column's element of the schema, with its highest definition and repetition level."""
        return self.footer.leaves[self.column]

    @property
    def path(self):
        return ".".join(part.decode() for part in get(self.metadata, 3))

    @property
    def codec(self):
        return CODECS[get(self.metadata, 4)]

    @property
    def values(self):
        return get(self.metadata, 5)

    @property
    def statistics(self):
        return get(self.metadata, 12) or {}

    @property
    def encoding_statistics(self):
        """How many pages there are of each kind and encoding."""
        return {
            (PAGES[get(entry, 1)], ENCODINGS[get(entry, 2)]): get(entry, 3)
            for entry in get(self.metadata, 13) or []
        }

    @property
    def size_statistics(self):
        return get(self.metadata, 16)

    @functools.cached_property
    def pages(self):
        """The pages as they lie in the chunk."""
        position = get(self.metadata, 11) or get(self.metadata, 9)
        end = position + get(self.metadata, 7)
        pages = []
        while position < end:
            reader = thrift_compact.Reader(self.footer.content, position)
            header = reader.struct()
            inner = get(header, 5) or get(header, 7) or get(header, 8)
            encoding = get(inner, 4) if get(header, 1) == 3 else get(inner, 2)
            size = reader.position - position + get(header, 3)
            kind = PAGES[get(header, 1)]
            pages.append(Page(kind, get(inner, 1), ENCODINGS[encoding], header, position, size))
            position += size
        assert position == end
        return pages

    @functools.cached_property
    def offset_index(self):
        """For each data page its offset, its size with the header, and its first row."""
        if (offset := get(self.fields, 4)) is None:
            return None
        index = self._struct(offset, get(self.fields, 5))
        return [(get(page, 1), get(page, 2), get(page, 3)) for page in get(index, 1)]

    @functools.cached_property
    def column_index(self):
        if (offset := get(self.fields, 6)) is None:
            return None
        return self._struct(offset, get(self.fields, 7))

    def _struct(self, offset, length):
        reader = thrift_compact.Reader(self.footer.content, offset)
        fields = reader.struct()
        assert reader.position == offset + length
        return fields
