"""Thrift's compact protocol without any schema: structs as {field id: (type, value)}.

Enough to look into footers, page headers and indexes without anyone's Parquet library, and to write them
again after a change.
"""

TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, MAP, STRUCT = range(1, 13)


class Reader:
    def __init__(self, data, position=0):
        self.data = data
        self.position = position

    def take(self, count):
        taken = self.data[self.position : self.position + count]
        assert len(taken) == count, "the bytes end early"
        self.position += count
        return taken

    def varint(self):
        result, shift = 0, 0
        while True:
            byte = self.take(1)[0]
            result |= (byte & 0x7F) << shift
            if byte < 0x80:
                return result
            shift += 7

    def integer(self):
        value = self.varint()
        return value >> 1 ^ -(value & 1)

    def value(self, kind):
        match kind:
            case 1 | 2:
                return kind == TRUE
            case 3:
                return int.from_bytes(self.take(1), "little", signed=True)
            case 4 | 5 | 6:
                return self.integer()
            case 7:
                return self.take(8)
            case 8:
                return bytes(self.take(self.varint()))
            case 9 | 10:
                head = self.take(1)[0]
                count, element = head >> 4, head & 15
                if count == 15:
                    count = self.varint()
                if element in (TRUE, FALSE):
                    return (element, [self.take(1)[0] == TRUE for _ in range(count)])
                return (element, [self.value(element) for _ in range(count)])
            case 12:
                return self.struct()
            case _:
                raise AssertionError(f"thrift type {kind}")

    def struct(self):
        fields, last = {}, 0
        while (head := self.take(1)[0]) != 0:
            last = last + (head >> 4) if head >> 4 else self.integer()
            fields[last] = (head & 15, self.value(head & 15))
        return fields


def encoded(fields):
    """The bytes of a struct."""
    result, last = bytearray(), 0
    for identifier in sorted(fields):
        kind, value = fields[identifier]
        if kind in (TRUE, FALSE):
            kind = TRUE if value else FALSE
        delta = identifier - last
        result += bytes([delta << 4 | kind]) if 0 < delta < 16 else bytes([kind]) + _zigzag(identifier)
        if kind not in (TRUE, FALSE):
            result += _value(kind, value)
        last = identifier
    return bytes(result) + b"\0"


def _varint(value):
    result = bytearray()
    while value > 0x7F:
        result.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(result) + bytes([value])


def _zigzag(value):
    return _varint(value << 1 if value >= 0 else (-value << 1) - 1)


def _value(kind, value):
    match kind:
        case 3:
            return value.to_bytes(1, "little", signed=True)
        case 4 | 5 | 6:
            return _zigzag(value)
        case 7:
            return value
        case 8:
            return _varint(len(value)) + value
        case 9 | 10:
            element, values = value
            count = len(values)
            head = bytes([count << 4 | element]) if count < 15 else bytes([0xF0 | element]) + _varint(count)
            if element in (TRUE, FALSE):
                return head + bytes(TRUE if value else FALSE for value in values)
            return head + b"".join(_value(element, value) for value in values)
        case 12:
            return encoded(value)
        case _:
            raise AssertionError(f"thrift type {kind}")
