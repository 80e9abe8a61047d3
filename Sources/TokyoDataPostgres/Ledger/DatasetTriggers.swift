internal import TokyoDataCore

/// The triggers by which a table's writers leave marks, and by which rows that replace cold ones stay.
///
/// Row-level and `ENABLE ALWAYS`, so that they cover partitions made later, writes to a partition itself,
/// COPY, MERGE and logical apply. Only finished days concern them: `WHEN` keeps today's writes at full speed.
/// The day is that of the server's clock, which no snapshot holds back.
struct DatasetTriggers {
  let dataset: Dataset
  let table: QualifiedName
  let timeColumn: String

  /// Our errors, in SQLSTATEs of our own class.
  enum State {
    static let overlayRowMustStay = "TD001"
    static let lateWriteRejected = "TD002"
    static let truncateRefused = "TD003"
  }

  /// Creates or replaces the functions; triggers that call them stay as they are.
  var functions: PostgresStatement { "\(noteFunction);\n\(truncateFunction)" }

  /// Creates or replaces the triggers, which the next run sees as a change of the table's structure.
  var triggers: PostgresStatement {
    .joining(
      [trigger("insert"), trigger("update"), trigger("delete"), truncateTrigger], separator: ";\n")
  }

  static let rowTriggers = ["tokyo_data_insert", "tokyo_data_update", "tokyo_data_delete"]
  static let names = rowTriggers + ["tokyo_data_truncate"]

  /// The UTC date of the time column of `NEW` or `OLD`.
  private func day(of row: String) -> PostgresStatement {
    let column: PostgresStatement = "\(unescaped: row).\(identifier: timeColumn)"
    return switch dataset.timeType {
    case .timestamp: "(\(column) AT TIME ZONE 'UTC')::date"
    case .date: column
    default: "\(column)::date"
    }
  }

  private let today: PostgresStatement = "(clock_timestamp() AT TIME ZONE 'UTC')::date"
  private var function: PostgresStatement { "tokyo_data.\(identifier: "note_\(shortName)")" }
  private var truncateFunctionName: PostgresStatement { "tokyo_data.\(identifier: "truncate_\(shortName)")" }

  /// PostgreSQL cuts names after 63 bytes: long ones keep their beginning and get their hash.
  private var shortName: String {
    let name = "\(dataset.name)"
    guard name.utf8.count > 50 else { return name }
    return name.prefix(33) + "_" + String(XXH64.hash(Array(name.utf8), seed: 0), radix: 16)
  }

  private var name: PostgresStatement { "\(unescaped: PostgresStatement.quoted(literal: "\(dataset.name)"))" }

  private func trigger(_ event: String) -> PostgresStatement {
    let finished: [PostgresStatement] = [
      event == "insert" ? nil : "\(day(of: "OLD")) < \(today)",
      event == "delete" ? nil : "\(day(of: "NEW")) < \(today)",
    ].compactMap { $0 }
    let name = "tokyo_data_\(event)"
    return """
      CREATE OR REPLACE TRIGGER \(identifier: name) AFTER \(unescaped: event.uppercased()) ON \(table.sql)
      FOR EACH ROW WHEN ((\(.joining(finished, separator: " OR ")))
        AND current_setting('tokyo_data.quiet', true) IS DISTINCT FROM 'on')
      EXECUTE FUNCTION \(function)();
      ALTER TABLE \(table.sql) ENABLE ALWAYS TRIGGER \(identifier: name)
      """
  }

  private var truncateTrigger: PostgresStatement {
    """
    CREATE OR REPLACE TRIGGER tokyo_data_truncate BEFORE TRUNCATE ON \(table.sql)
    FOR EACH STATEMENT EXECUTE FUNCTION \(truncateFunctionName)();
    ALTER TABLE \(table.sql) ENABLE ALWAYS TRIGGER tokyo_data_truncate
    """
  }

  /// A mark is one row a transaction and day: writers never wait for each other.
  private var noteFunction: PostgresStatement {
    """
    CREATE OR REPLACE FUNCTION \(function)() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $tokyo_data$
    DECLARE
      today date := \(today);
      old_day date;
      new_day date;
    BEGIN
      IF TG_OP <> 'INSERT' THEN
        old_day := \(day(of: "OLD"));
        IF old_day < today AND isfinite(old_day) THEN
          \(overlayGuard)
          INSERT INTO tokyo_data.marks VALUES (\(name), old_day, pg_current_xact_id()) ON CONFLICT DO NOTHING;
        END IF;
      END IF;
      IF TG_OP <> 'DELETE' THEN
        new_day := \(day(of: "NEW"));
        IF new_day < today AND isfinite(new_day) THEN
          \(lateWriteGuard)
          INSERT INTO tokyo_data.marks VALUES (\(name), new_day, pg_current_xact_id()) ON CONFLICT DO NOTHING;
        END IF;
      END IF;
      RETURN NULL;
    END
    $tokyo_data$
    """
  }

  /// Deleting a row of a cold day, or changing its key or day, would uncover the row it replaces.
  private var overlayGuard: PostgresStatement {
    guard !dataset.primaryKey.isEmpty else { return "" }
    let changes: [PostgresStatement] =
      dataset.primaryKey.map { "OLD.\(identifier: $0) IS DISTINCT FROM NEW.\(identifier: $0)" }
      + ["\(day(of: "NEW")) IS DISTINCT FROM old_day"]
    return """
      IF (TG_OP = 'DELETE' OR \(.joining(changes, separator: " OR ")))
        AND \(isCold("old_day")) THEN
        RAISE EXCEPTION USING ERRCODE = '\(unescaped: State.overlayRowMustStay)',
          MESSAGE = 'the row replaces one in the lake: it can be changed, but not deleted or moved',
          DETAIL = old_day::text;
      END IF;
      """
  }

  private var lateWriteGuard: PostgresStatement {
    guard dataset.policy.lateWrites == .reject else { return "" }
    return """
      IF \(isCold("new_day")) THEN
        RAISE EXCEPTION USING ERRCODE = '\(unescaped: State.lateWriteRejected)',
          MESSAGE = 'the day is in the lake, and the dataset rejects late writes', DETAIL = new_day::text;
      END IF;
      """
  }

  private func isCold(_ day: String) -> PostgresStatement {
    """
    EXISTS (SELECT FROM tokyo_data.coverage c
      WHERE c.dataset = \(name) AND c.day = \(unescaped: day) AND c.state = 'cold')
    """
  }

  private var truncateFunction: PostgresStatement {
    let time: PostgresStatement = "t.\(identifier: timeColumn)"
    let bounds = DayBounds(of: dataset, day: "c.day")
    return """
      CREATE OR REPLACE FUNCTION \(truncateFunctionName)() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
      SET search_path = pg_catalog, pg_temp AS $tokyo_data$
      BEGIN
        IF EXISTS (SELECT FROM tokyo_data.coverage c WHERE c.dataset = \(name) AND c.state = 'cold'
          AND EXISTS (SELECT FROM \(table.sql) t WHERE \(time) >= \(bounds.from) AND \(time) < \(bounds.until))) THEN
          RAISE EXCEPTION USING ERRCODE = '\(unescaped: State.truncateRefused)',
            MESSAGE = 'the table holds rows that replace ones in the lake: truncating would uncover those';
        END IF;
        INSERT INTO tokyo_data.marks
        SELECT \(name), c.day, pg_current_xact_id() FROM tokyo_data.coverage c
        WHERE c.dataset = \(name) AND c.state = 'both' ON CONFLICT DO NOTHING;
        RETURN NULL;
      END
      $tokyo_data$
      """
  }
}
