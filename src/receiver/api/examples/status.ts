import type { StatusAnswer } from '../schemas.ts'

export const statusExample: StatusAnswer = {
  version: '1.2.3',
  dryRun: false,
  currency: 'EUR',
  docker: { ok: true, checkedAt: '2026-01-15T12:00:40.000Z' },
  history: { ok: true },
  webhook: {
    last: {
      at: '2026-01-15T12:00:30.000Z',
      status: 200,
      alerts: 2,
      alertmanager: 'http://alertmanager:9093/',
    },
    lastOk: {
      at: '2026-01-15T12:00:30.000Z',
      status: 200,
      alerts: 2,
      alertmanager: 'http://alertmanager:9093/',
    },
  },
}
