PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE events (
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
INSERT INTO events VALUES('019bc186de000000-00000001',1768478400000.0,'web','held',NULL,NULL,NULL,NULL,NULL,'autoscaler',NULL,NULL,'1.2.3',NULL,NULL,NULL,NULL,'[]',NULL,NULL);
INSERT INTO events VALUES('019bc186de000007-89abcdef',1768478400000.0,'shop_web','failed','signal',4.0,6.0,7.1234567890123452471,'max_step','autoscaler',1768478460000.0,4503599627370497.0,'1.2.3-rc.1+build',2345.6779999999998835,1234.5,3.0,1768478415000.0,'[{"name":"SwarmServiceNeedsMoreReplicas","fingerprint":"0123456789abcdef","scale":"up","startsAtMs":1768478397655,"summary":"shop_web needs 7.1 replicas for its \"requests\"; naïve, 数 and 🙂.","value":"7.123456789012345"},{"name":"Broken","fingerprint":"fedcba9876543210"}]','denied',replace('the proxy says: ''no''\n	HTTP 403','\n',char(10)));
CREATE TABLE counts (
    service TEXT NOT NULL,
    at_ms REAL NOT NULL,
    desired REAL NOT NULL,
    running REAL,
    cost_per_hour REAL,
    is_gone INTEGER,
    PRIMARY KEY (service, at_ms)
  ) STRICT, WITHOUT ROWID;
INSERT INTO counts VALUES('api',1768478400000.0,0.0,NULL,NULL,1);
INSERT INTO counts VALUES('web',1768478400000.0,4.0,3.0,0.10000000000000000555,NULL);
INSERT INTO counts VALUES('web',1768478400001.0,4.0,NULL,NULL,NULL);
CREATE TABLE watches (
    receiver TEXT NOT NULL,
    from_ms REAL NOT NULL,
    until_ms REAL NOT NULL,
    PRIMARY KEY (receiver, from_ms)
  ) STRICT, WITHOUT ROWID;
INSERT INTO watches VALUES('00000001',1768478400000.0,1768478415000.0);
CREATE TABLE sizes (name TEXT PRIMARY KEY, row_count REAL NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO sizes VALUES('counts',3.0);
INSERT INTO sizes VALUES('events',2.0);
CREATE INDEX events_by_service ON events (service, kind, id);
CREATE INDEX events_by_kind ON events (kind, id);
CREATE INDEX counts_by_time ON counts (at_ms);
CREATE INDEX watches_by_end ON watches (until_ms);
COMMIT;
