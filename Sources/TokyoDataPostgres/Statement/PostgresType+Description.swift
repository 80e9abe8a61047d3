extension PostgresType: CustomStringConvertible {
  /// The type as SQL writes it where we know it, else its identifier.
  public var description: String { sqlName ?? Self.furtherNames[oid] ?? "type \(oid)" }

  /// Built-in types whose values come as text, for messages.
  private static let furtherNames: [UInt32: String] = [
    142: "xml", 194: "pg_node_tree", 600: "point", 601: "lseg", 602: "path", 603: "box", 604: "polygon",
    628: "line", 650: "cidr", 718: "circle", 774: "macaddr8", 790: "money", 829: "macaddr", 869: "inet",
    1186: "interval", 1266: "timetz", 1560: "bit", 1562: "varbit", 2202: "regprocedure", 2205: "regclass",
    2206: "regtype", 2249: "record", 2278: "void", 3220: "pg_lsn", 3614: "tsvector", 3615: "tsquery",
    4072: "jsonpath", 4089: "regnamespace", 4096: "regrole", 4451: "int4multirange", 4532: "nummultirange",
    4533: "tsmultirange", 4534: "tstzmultirange", 4535: "datemultirange", 4536: "int8multirange",
  ]
}
