/// Where a server is, and how sessions with it are set up.
///
/// The connection string is libpq's: `postgresql://…` or `key=value …`, with several hosts,
/// `target_session_attrs`, TLS options and password files; what it leaves out comes from the `PG*`
/// environment variables. It is never printed.
public struct PostgresConfiguration: Sendable {
  /// The connection string; empty for the environment's alone.
  public var connectionString: String
  /// Shown in `pg_stat_activity` unless the connection string says otherwise.
  public var applicationName = "tokyo-data"
  /// How long opening a session may take in all.
  public var connectTimeout = Duration.seconds(10)
  /// After how long the server itself ends a statement; nil for the server's own setting.
  public var statementTimeout: Duration?
  /// How long a canceled statement may take to end before its connection is shut down.
  public var cancelTimeout = Duration.seconds(5)
  /// Between us and the server stands a proxy such as pgbouncer that lends servers for a transaction only.
  public var isBehindTransactionPooler = false

  /// Cancel by `pg_cancel_backend` even without TLS.
  var cancelsOverSession = false
  /// Parameters that override the connection string.
  var overrides: [(name: String, value: String)] = []

  /// Makes a configuration of a connection string, empty for the environment's alone.
  public init(_ connectionString: String = "") {
    self.connectionString = connectionString
  }

  /// What libpq is told; later names override what the connection string says.
  var parameters: [(name: String, value: String)] {
    [
      ("fallback_application_name", applicationName), ("dbname", connectionString),
      ("client_encoding", "UTF8"),
    ] + overrides
  }

  /// What every session is told first: texts and instants must mean the same everywhere.
  var sessionSetup: String {
    var settings = [
      ("TimeZone", "UTC"), ("DateStyle", "ISO, YMD"), ("IntervalStyle", "iso_8601"),
      ("extra_float_digits", "1"), ("bytea_output", "hex"), ("standard_conforming_strings", "on"),
    ]
    if let statementTimeout {
      let (seconds, attoseconds) = statementTimeout.components
      settings.append(
        ("statement_timeout", "\(max(1, seconds * 1000 + attoseconds / 1_000_000_000_000_000))"))
    }
    return settings.map { name, value in "SET \(name) = '\(value)'" }.joined(separator: "; ")
  }
}

extension PostgresConfiguration: CustomStringConvertible, CustomReflectable {
  /// The error or value in words, without values of rows, SQL, hosts or secrets.
  public var description: String { "PostgresConfiguration" }
  /// What a debugger may show: never the connection string.
  public var customMirror: Mirror { Mirror(self, children: ["applicationName": applicationName]) }
}
