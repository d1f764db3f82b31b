import type { CostAnswer, EventsAnswer } from '../schemas.ts'

export const eventsExample: EventsAnswer = {
  events: [
    {
      id: '019bc18753300000-00000001',
      at: '2026-01-15T12:00:30.000Z',
      service: 'shop_wbe',
      kind: 'rejected',
      dryRun: false,
      reason: 'unknown_service',
      actor: 'autoscaler',
      alerts: [
        {
          name: 'SwarmServiceNeedsMoreReplicas',
          fingerprint: '77a0c3b1e2d4f596',
          scale: 'up',
          value: '5',
          startsAt: '2026-01-15T12:00:25.000Z',
          summary: 'shop_wbe needs more replicas.',
        },
      ],
      autoscalerVersion: '1.2.3',
    },
    {
      id: '019bc186de000001-00000001',
      at: '2026-01-15T12:00:00.000Z',
      service: 'shop_web',
      kind: 'scaled',
      dryRun: false,
      reason: 'alert',
      from: 4,
      to: 7,
      needed: 7,
      actor: 'autoscaler',
      alerts: [
        {
          name: 'SwarmServiceNeedsMoreReplicas',
          fingerprint: 'c2f1a9b8d7e6f504',
          scale: 'up',
          value: '6.4',
          startsAt: '2026-01-15T11:59:58.000Z',
          summary: 'shop_web needs more replicas.',
        },
      ],
      serviceVersion: 1,
      autoscalerVersion: '1.2.3',
      reactionSeconds: 2,
      convergedSeconds: 0.25,
    },
  ],
  next: 'MDE5YmMxODZkZTAwMDAwMS0wMDAwMDAwMQ',
  newest: '019bc18753300000-00000001',
}

export const costExample: CostAnswer = {
  since: '2026-01-14T12:00:00.000Z',
  until: '2026-01-15T12:00:00.000Z',
  currency: 'EUR',
  services: [
    {
      service: 'shop_web',
      since: '2026-01-14T12:00:00.000Z',
      until: '2026-01-15T12:00:00.000Z',
      knownSeconds: 85800,
      replicaSeconds: 516000,
      replicaHours: 143.33333333333334,
      cost: 5.733333333333333,
      average: 6.013986013986014,
      peak: 10,
      savedAgainstPeak: { replicas: 10, replicaSeconds: 342000, replicaHours: 95, cost: 3.8 },
      savedAgainstFixed: {
        replicas: 8,
        replicaSeconds: 170400,
        replicaHours: 47.333333333333336,
        cost: 1.8933333333333335,
      },
      gaps: [{ since: '2026-01-14T23:50:00.000Z', until: '2026-01-15T00:00:00.000Z', reason: 'not_watched' }],
    },
  ],
  sum: {
    replicaSeconds: 516000,
    replicaHours: 143.33333333333334,
    cost: 5.733333333333333,
    savedAgainstPeak: { replicaSeconds: 342000, replicaHours: 95, cost: 3.8 },
    savedAgainstFixed: { replicaSeconds: 170400, replicaHours: 47.333333333333336, cost: 1.8933333333333335 },
    unpriced: [],
  },
}
