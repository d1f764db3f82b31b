/** Our own schema, so that names do not collide with other tables. */
export const schema = 'swarm_autoscaler'

/**
 * The migrations from each version to the next; the first starts with an empty schema. A released migration never changes: a change
 * is a new migration.
 *
 * IDs and names sort by their bytes, whatever the locale of the database. Numbers are doubles, as in the program.
 */
export const migrations: readonly string[] = [
  `CREATE TABLE swarm_autoscaler.events (
    id text COLLATE "C" PRIMARY KEY,
    at_ms double precision NOT NULL,
    service text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    reason text,
    replicas_before double precision,
    replicas_after double precision,
    needed double precision,
    limited_by text,
    actor text NOT NULL,
    until_ms double precision,
    service_version double precision,
    autoscaler_version text NOT NULL,
    reaction_ms double precision,
    converged_ms double precision,
    times double precision,
    last_at_ms double precision,
    alerts text NOT NULL,
    error_code text,
    error_message text
  );
  CREATE INDEX events_by_service ON swarm_autoscaler.events (service, kind, id);
  CREATE INDEX events_by_kind ON swarm_autoscaler.events (kind, id);

  CREATE TABLE swarm_autoscaler.counts (
    service text COLLATE "C" NOT NULL,
    at_ms double precision NOT NULL,
    desired double precision NOT NULL,
    running double precision,
    cost_per_hour double precision,
    is_gone boolean,
    PRIMARY KEY (service, at_ms)
  );
  CREATE INDEX counts_by_time ON swarm_autoscaler.counts (at_ms);

  CREATE TABLE swarm_autoscaler.watches (
    receiver text COLLATE "C" NOT NULL,
    from_ms double precision NOT NULL,
    until_ms double precision NOT NULL,
    PRIMARY KEY (receiver, from_ms)
  );
  CREATE INDEX watches_by_end ON swarm_autoscaler.watches (until_ms);

  CREATE TABLE swarm_autoscaler.sizes (name text PRIMARY KEY, row_count double precision NOT NULL);
  INSERT INTO swarm_autoscaler.sizes VALUES ('events', 0), ('counts', 0);`,
  // Reasons are called as they are since 2.0.0.
  `UPDATE swarm_autoscaler.events SET reason = CASE reason
      WHEN 'signal' THEN 'alert'
      WHEN 'no_signal' THEN 'no_alert'
      WHEN 'already_there' THEN 'at_target'
      WHEN 'up_stands' THEN 'scale_up_active'
      WHEN 'invalid_signal' THEN 'invalid_alert'
      ELSE reason
    END
    WHERE reason IN ('signal', 'no_signal', 'already_there', 'up_stands', 'invalid_signal');`,
]
