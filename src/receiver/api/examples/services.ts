import type { Service, ServiceDetail, ServicesAnswer } from '../schemas.ts'

const invalid: Service = {
  name: 'shop_api',
  id: 'x1f7k2c9d0s8a3h5j6l4p2o9i',
  mode: 'replicated',
  policyState: 'invalid',
  windows: [],
  faults: [
    {
      key: 'autoscaler.up.coolddown',
      value: '30s',
      message: 'is not a label; did you mean autoscaler.up.cooldown?',
    },
  ],
  warnings: [],
  replicas: { desired: 2, running: 2 },
  dryRun: false,
  alerts: [],
  decision: {
    kind: 'reject',
    reason: 'invalid_policy',
    summary: 'Not scaled (invalid_policy: a label of the service is invalid).',
    since: '2026-01-15T12:00:00.000Z',
  },
  cooldownUntil: {},
  seenAt: '2026-01-15T12:00:30.000Z',
}

const valid: Service = {
  name: 'shop_web',
  id: 'q3vgq1bmkn7tl4gjvcrp9wqxo',
  mode: 'replicated',
  policyState: 'valid',
  policy: {
    min: 1,
    max: 10,
    targets: { requests: 20 },
    up: { step: '1', stabilization: '0s' },
    down: { step: '1', maxStep: '50%', cooldown: '1m', stabilization: '2m30s' },
    onRedeploy: 'restore',
  },
  bounds: { min: 3, max: 10, nextChange: '2026-01-15T18:00:00.000Z' },
  windows: [
    {
      name: 'office',
      start: '0 8 * * 1-5',
      end: '0 18 * * 1-5',
      timezone: 'UTC',
      isOpen: true,
      min: 3,
      nextChange: '2026-01-15T18:00:00.000Z',
    },
  ],
  faults: [],
  warnings: [],
  replicas: { desired: 7, running: 7, starting: 0, pending: 0, failing: 0 },
  dryRun: false,
  alerts: [],
  decision: {
    kind: 'hold',
    reason: 'no_alert',
    from: 7,
    to: 7,
    until: '2026-01-15T18:00:00.000Z',
    summary:
      'Stays at 7 replicas (no_alert: no alert is active); no change is planned before 2026-01-15T18:00:00Z.',
    since: '2026-01-15T12:00:30.000Z',
  },
  lastChange: {
    at: '2026-01-15T12:00:00.000Z',
    direction: 'up',
    from: 4,
    to: 7,
    reason: 'alert',
    actor: 'autoscaler',
    event: '019bc186de000001-00000001',
  },
  cooldownUntil: { up: '2026-01-15T12:01:00.000Z', down: '2026-01-15T12:01:00.000Z' },
  cost: { perReplicaHour: 0.04, perHour: 0.28, currency: 'EUR' },
  seenAt: '2026-01-15T12:00:40.000Z',
}

const next: ServiceDetail['next'] = {
  up: {
    kind: 'hold',
    reason: 'cooldown',
    from: 7,
    to: 7,
    needed: 8,
    until: '2026-01-15T12:01:00.000Z',
    summary:
      'An alert to scale up now would be held until 2026-01-15T12:01:00Z (cooldown: the last change was too recent); then 7 -> 8.',
    earliest: { at: '2026-01-15T12:01:00.000Z', to: 8 },
  },
  down: {
    kind: 'hold',
    reason: 'stabilizing',
    from: 7,
    to: 7,
    needed: 6,
    until: '2026-01-15T12:03:10.000Z',
    summary:
      'An alert to scale down now would be held until 2026-01-15T12:03:10Z (stabilizing: the alert has not been active for long enough); then 7 -> 6.',
    earliest: { at: '2026-01-15T12:03:10.000Z', to: 6 },
  },
}

export const servicesExample: ServicesAnswer = {
  services: [invalid, { ...valid, lastChange: { at: '2026-01-15T12:00:00.000Z', direction: 'up' } }],
}

export const serviceExample: ServiceDetail = { ...valid, next }
