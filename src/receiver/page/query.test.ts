import { describe, expect, it } from 'vitest'
import { addressOf, readQuery } from './query.ts'

describe('readQuery', () => {
  it('reads what the forms send; empty fields ask for nothing', () => {
    expect(readQuery({ q: '', service: '', kind: '', last: '', since: '', until: '', page: '' })).toEqual({
      page: 1,
    })
    expect(
      readQuery({
        q: 'shop',
        page: '3',
        service: 'web',
        kind: 'scaled',
        last: '24h',
        since: '2026-01-15T12:00',
        until: '2026-01-15T14:00:00+01:00',
        before: '000001234567abcd-0badcafe',
        utm_source: 'x',
      }),
    ).toEqual({
      search: 'shop',
      page: 3,
      service: 'web',
      kind: 'scaled',
      last: '24h',
      sinceMs: Date.UTC(2026, 0, 15, 12),
      untilMs: Date.UTC(2026, 0, 15, 13),
      beforeId: '000001234567abcd-0badcafe',
    })
  })

  it.each([
    [{ kind: 'exploded' }, 'kind must be one of scaled, failed, dry_run, held, rejected, changed'],
    [{ last: '2y' }, 'last must be one of 1h, 24h, 7d, 30d'],
    [
      { since: 'yesterday' },
      'since must be a time such as 2026-01-15T12:00 (UTC) or 2026-01-15T12:00:00+01:00',
    ],
    [
      { until: '2026-02-31T12:00' },
      'until must be a time such as 2026-01-15T12:00 (UTC) or 2026-01-15T12:00:00+01:00',
    ],
    [{ page: '0' }, 'page must be a whole number >= 1'],
    [{ before: '1' }, 'before must be the ID of an event'],
    [{ q: ['a', 'b'] }, 'q may be given once'],
    [{ service: 'x'.repeat(201) }, 'service must be at most 200 characters'],
    [{ since: '2026-01-15T12:00', until: '2026-01-15T12:00' }, 'since must be before until'],
  ])('names the key and the remedy: %j', (parameters, fault) => {
    expect(readQuery(parameters)).toEqual({ faults: [fault] })
  })

  it('tells every fault at once', () => {
    expect(readQuery({ kind: 'x', page: 'y' })).toHaveProperty('faults.length', 2)
  })
})

describe('addressOf', () => {
  it('gives back what was asked, but for the change, relative to wherever the page is', () => {
    const query = readQuery({ q: 'a&b', kind: 'held', since: '2026-01-15T12:00' })
    if ('faults' in query) throw new Error('unexpected')
    const address = addressOf(query, { page: 2, kind: undefined })
    expect(address).toBe('./?q=a%26b&page=2&since=2026-01-15T12%3A00%3A00.000Z')
    expect(readQuery(Object.fromEntries(new URLSearchParams(address.slice(2))))).toEqual({
      search: 'a&b',
      page: 2,
      sinceMs: Date.UTC(2026, 0, 15, 12),
    })
    expect(addressOf({ page: 1 }, {})).toBe('./')
  })
})
