/// The ledger's tables, in schema `tokyo_data` of the hot database.
///
/// Plain SQL that the owner of the tables can run any number of times. The format number says which
/// statements have run; a later release appends its own.
enum LedgerSchema {
  static let format = 1

  static let creation: PostgresStatement = """
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
}
