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
  /// How many prepared statements a session keeps.
  public var statementCacheSize = 256
  /// Between us and the server stands a proxy such as pgbouncer that lends servers for a transaction only.
  ///
  /// Statements are then sent whole each time instead of prepared by name, settings go with each transaction,
  /// and what needs a session of its own is refused: `LISTEN`, session locks and export runs.
  public var isBehindTransactionPooler = false
  /// What becomes of infinite dates and timestamps and of NaN and infinite `numeric` values, in whatever is
  /// read: results, streams, COPY and with it the export of a dataset.
  ///
  /// They are refused unless said otherwise, never changed silently.
  public var infinities = InfinityPolicy.refuse

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
    let settings = isBehindTransactionPooler ? trackedSettings : trackedSettings + ownSettings
    return settings.map { name, value in "SET \(name) = '\(value)'" }.joined(separator: "; ")
  }

  /// What every transaction is told first where a proxy lends another server for each; empty elsewhere.
  var transactionSetup: String {
    guard isBehindTransactionPooler else { return "" }
    return ownSettings.map { name, value in "; SET LOCAL \(name) = '\(value)'" }.joined()
  }

  /// The same as a query, for statements that are transactions of their own; nil elsewhere.
  var statementSetup: String? {
    guard isBehindTransactionPooler else { return nil }
    let calls = ownSettings.map { name, value in "set_config('\(name)', '\(value)', true)" }
    return "SELECT \(calls.joined(separator: ", "))"
  }

  /// What a proxy itself sets again on each server that it lends.
  private var trackedSettings: [(name: String, value: String)] {
    [("TimeZone", "UTC"), ("DateStyle", "ISO, YMD"), ("standard_conforming_strings", "on")]
  }

  private var ownSettings: [(name: String, value: String)] {
    var settings = [("IntervalStyle", "iso_8601"), ("extra_float_digits", "1"), ("bytea_output", "hex")]
    if let statementTimeout {
      let (seconds, attoseconds) = statementTimeout.components
      settings.append(
        ("statement_timeout", "\(max(1, seconds * 1000 + attoseconds / 1_000_000_000_000_000))"))
    }
    return settings
  }
}

extension PostgresConfiguration: CustomStringConvertible, CustomReflectable {
  /// The error or value in words, without values of rows, SQL, hosts or secrets.
  public var description: String { "PostgresConfiguration" }
  /// What a debugger may show: never the connection string.
  public var customMirror: Mirror { Mirror(self, children: ["applicationName": applicationName]) }
}
