/**
 * The migrations from each version to the next; the first starts with an empty file. A released migration never changes: a change
 * is a new migration.
 *
 * The tables have no row IDs: rows are stored in the order of their keys.
 */
export const migrations: readonly string[] = [
  `CREATE TABLE events (
    id TEXT PRIMARY KEY,
    at_ms REAL NOT NULL,
    service TEXT NOT NULL,
    kind TEXT NOT NULL,
    reason TEXT,
    replicas_before REAL,
    replicas_after REAL,
    needed REAL,
    limited_by TEXT,
    actor TEXT NOT NULL,
    until_ms REAL,
    service_version REAL,
    autoscaler_version TEXT NOT NULL,
    reaction_ms REAL,
    converged_ms REAL,
    times REAL,
    last_at_ms REAL,
    alerts TEXT NOT NULL,
    error_code TEXT,
    error_message TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX events_by_service ON events (service, kind, id);
  CREATE INDEX events_by_kind ON events (kind, id);

  CREATE TABLE counts (
    service TEXT NOT NULL,
    at_ms REAL NOT NULL,
    desired REAL NOT NULL,
    running REAL,
    cost_per_hour REAL,
    is_gone INTEGER,
    PRIMARY KEY (service, at_ms)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX counts_by_time ON counts (at_ms);

  CREATE TABLE watches (
    receiver TEXT NOT NULL,
    from_ms REAL NOT NULL,
    until_ms REAL NOT NULL,
    PRIMARY KEY (receiver, from_ms)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX watches_by_end ON watches (until_ms);

  CREATE TABLE sizes (name TEXT PRIMARY KEY, row_count REAL NOT NULL) STRICT, WITHOUT ROWID;
  INSERT INTO sizes VALUES ('events', 0), ('counts', 0);`,
  // Reasons are called as they are since 2.0.0.
  `UPDATE events SET reason = CASE reason
      WHEN 'signal' THEN 'alert'
      WHEN 'no_signal' THEN 'no_alert'
      WHEN 'already_there' THEN 'at_target'
      WHEN 'up_stands' THEN 'scale_up_active'
      WHEN 'invalid_signal' THEN 'invalid_alert'
      ELSE reason
    END
    WHERE reason IN ('signal', 'no_signal', 'already_there', 'up_stands', 'invalid_signal');`,
]
