/// The ledger's tables, in schema `tokyo_data` of the hot database.
///
/// Plain SQL in numbered steps; the ledger's format is the number of the last one that ran. Released steps
/// never change: a later release appends its own.
enum LedgerSchema {
  /// Step n is at place n − 1.
  static let steps = [creation, detachedTables]
  static var format: Int { steps.count }

  private static let creation: PostgresStatement = """
    CREATE SCHEMA IF NOT EXISTS tokyo_data;
    CREATE TABLE IF NOT EXISTS tokyo_data.ledger (
      single boolean PRIMARY KEY DEFAULT true CHECK (single),
      id uuid NOT NULL DEFAULT gen_random_uuid(),
      format integer NOT NULL);
    INSERT INTO tokyo_data.ledger (format) VALUES (1) ON CONFLICT DO NOTHING;
    CREATE TABLE IF NOT EXISTS tokyo_data.datasets (
      name text PRIMARY KEY,
      source_table text NOT NULL UNIQUE,
      definition text NOT NULL,
      epoch bigint NOT NULL,
      structure text);
    CREATE TABLE IF NOT EXISTS tokyo_data.coverage (
      dataset text NOT NULL REFERENCES tokyo_data.datasets,
      day date NOT NULL,
      state text NOT NULL CHECK (state IN ('both', 'cold', 'expired', 'suspect')),
      version text,
      PRIMARY KEY (dataset, day));
    CREATE TABLE IF NOT EXISTS tokyo_data.versions (
      dataset text NOT NULL REFERENCES tokyo_data.datasets,
      version text NOT NULL,
      day date NOT NULL,
      state text NOT NULL CHECK (state IN ('ready', 'current', 'unused', 'condemned')),
      location text NOT NULL,
      bytes bigint NOT NULL,
      row_hash text NOT NULL,
      schema_fingerprint text NOT NULL,
      exported_snapshot text NOT NULL,
      exported_at timestamptz NOT NULL,
      verified_at timestamptz,
      unused_since timestamptz,
      collected_at timestamptz,
      run bigint,
      recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      summary text NOT NULL,
      PRIMARY KEY (dataset, version));
    CREATE TABLE IF NOT EXISTS tokyo_data.marks (
      dataset text NOT NULL,
      day date NOT NULL,
      xid xid8 NOT NULL,
      PRIMARY KEY (dataset, day, xid));
    CREATE TABLE IF NOT EXISTS tokyo_data.runs (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      dataset text NOT NULL,
      kind text NOT NULL,
      process_id integer NOT NULL DEFAULT pg_backend_pid(),
      started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      ended_at timestamptz,
      outcome text);
    """

  /// Tables that left their dataset's by DETACH and are not yet proven equal to the versions of their days.
  ///
  /// `versions` says what each day must hold, other days nothing; `differing` the days that hold something
  /// else, once it is known.
  private static let detachedTables: PostgresStatement = """
    CREATE TABLE tokyo_data.detached (
      dataset text NOT NULL REFERENCES tokyo_data.datasets,
      name text NOT NULL,
      from_day date NOT NULL,
      until_day date NOT NULL,
      versions text NOT NULL,
      differing text,
      detached_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      PRIMARY KEY (dataset, name));
    """
}
