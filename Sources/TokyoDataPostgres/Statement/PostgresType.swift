/// The object identifier by which a server names a type.
public struct PostgresType: Hashable, Sendable {
  /// The identifier, as in `pg_type.oid`.
  public let oid: UInt32

  /// Makes a type of its identifier.
  public init(oid: UInt32) { self.oid = oid }

  /// No type: the server infers it from where the parameter stands.
  public static let inferred = PostgresType(oid: 0)
  /// `bool`.
  public static let bool = PostgresType(oid: 16)
  /// `bytea`.
  public static let bytea = PostgresType(oid: 17)
  /// `"char"`, one byte.
  public static let char = PostgresType(oid: 18)
  /// `name`, an identifier.
  public static let name = PostgresType(oid: 19)
  /// `int8`, also called `bigint`.
  public static let int8 = PostgresType(oid: 20)
  /// `int2`, also called `smallint`.
  public static let int2 = PostgresType(oid: 21)
  /// `int4`, also called `integer`.
  public static let int4 = PostgresType(oid: 23)
  /// `text`.
  public static let text = PostgresType(oid: 25)
  /// `oid`.
  public static let oid = PostgresType(oid: 26)
  /// `xid`, a transaction's number of 32 bits.
  public static let xid = PostgresType(oid: 28)
  /// `json`.
  public static let json = PostgresType(oid: 114)
  /// `float4`, also called `real`.
  public static let float4 = PostgresType(oid: 700)
  /// `float8`, also called `double precision`.
  public static let float8 = PostgresType(oid: 701)
  /// `char(n)`.
  public static let bpchar = PostgresType(oid: 1042)
  /// `varchar(n)`.
  public static let varchar = PostgresType(oid: 1043)
  /// `date`.
  public static let date = PostgresType(oid: 1082)
  /// `time`, without zone.
  public static let time = PostgresType(oid: 1083)
  /// `timestamp`, without zone.
  public static let timestamp = PostgresType(oid: 1114)
  /// `timestamptz`, an instant.
  public static let timestamptz = PostgresType(oid: 1184)
  /// `numeric`.
  public static let numeric = PostgresType(oid: 1700)
  /// `uuid`.
  public static let uuid = PostgresType(oid: 2950)
  /// `jsonb`.
  public static let jsonb = PostgresType(oid: 3802)
  /// `xid8`, a transaction's number of 64 bits.
  public static let xid8 = PostgresType(oid: 5069)
  /// `record`, a row without a named type.
  public static let record = PostgresType(oid: 2249)
  /// `int4range`.
  public static let int4Range = PostgresType(oid: 3904)
  /// `int8range`.
  public static let int8Range = PostgresType(oid: 3926)
  /// `numrange`.
  public static let numericRange = PostgresType(oid: 3906)
  /// `tsrange`, of `timestamp`.
  public static let timestampRange = PostgresType(oid: 3908)
  /// `tstzrange`, of `timestamptz`.
  public static let timestamptzRange = PostgresType(oid: 3910)
  /// `daterange`.
  public static let dateRange = PostgresType(oid: 3912)
  /// `text[]`.
  public static let textArray = PostgresType(oid: 1009)
  /// `int8[]`.
  public static let int8Array = PostgresType(oid: 1016)

  /// The precision and scale that a `numeric` column declares, nil for one without them.
  ///
  /// A negative scale, or one above the precision, comes out as the digits that such values can have.
  public static func numericShape(modifier: Int32) -> (precision: Int, scale: Int)? {
    guard modifier >= 4 else { return nil }
    let packed = modifier - 4
    let precision = Int(packed >> 16 & 0xffff)
    // Eleven bits, two's complement.
    let scale = Int((packed & 0x7ff) ^ 1024) - 1024
    if scale < 0 { return (precision - scale, 0) }
    return (max(precision, scale), scale)
  }
}
