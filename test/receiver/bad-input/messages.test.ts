import request from 'supertest'
import { describe, expect, it } from 'vitest'
import { aMessage, anAlert } from '../../support/fakes/alertmanager-message.ts'
import { anApp } from '../../support/fakes/an-app.ts'
import { sent, withMore } from '../../support/sent-json.ts'

const repeated = (count: number, of: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => of(n)).join()

describe('a message that is too much', () => {
  it.each([
    ['lists in lists', '['.repeat(8_000_000), /nested deeper than 32/],
    ['a list for a label', withMore('labels', `"a":${'['.repeat(1e6)}${']'.repeat(1e6)}`), /nested deeper/],
    [
      'a million labels',
      withMore(
        'labels',
        repeated(1_000_000, (n) => `"k${n}":""`),
      ),
      /list or object of more than 20000 members/,
    ],
    [
      'millions of alerts',
      JSON.stringify(aMessage(1)).replace(/1\]\}$/, `${'1,'.repeat(2_000_000)}1]}`),
      /list or object of more than 20000 members/,
    ],
    [
      'ten thousand and one alerts',
      JSON.stringify(aMessage(...Array(10_001).fill(1))),
      /more than 10000 alerts/,
    ],
  ])('%s: is answered with 400', async (_, json, detail) => {
    const { response, swarm } = await sent(json)
    expect([response.status, response.body.detail]).toEqual([400, expect.stringMatching(detail)])
    expect(swarm.updates).toEqual([])
  })

  it.each([
    [
      '257 labels',
      withMore(
        'labels',
        repeated(255, (n) => `"k${n}":""`),
      ),
      /^labels: has 258 entries, more than 256/,
    ],
    [
      '10,000 annotations',
      withMore(
        'annotations',
        repeated(10_000, (n) => `"k${n}":""`),
      ),
      /more than 256/,
    ],
    [
      'a label of 15 MB',
      withMore('labels', `"a":"${'x'.repeat(15_000_000)}"`),
      /65536 characters each, and "a" has/,
    ],
    [
      'a name of a label of 15 MB',
      withMore('labels', `"${'x'.repeat(15_000_000)}":""`),
      /name of 15000000 characters/,
    ],
    ['a label that is none', withMore('labels', '"a":7'), /^labels: must be strings, and "a" is not$/],
    [
      'a service of 256 characters',
      withMore('labels', '"service":"web"').replaceAll('"web"', `"${'w'.repeat(256)}"`),
      /^label service is longer than 255/,
    ],
  ])('%s: that alert is refused, and its neighbour is not', async (_, json, problem) => {
    const message = JSON.parse(json)
    message.alerts.push(anAlert({ replicas: '6', fingerprint: 'good' }))
    const { results, store, response } = await sent(JSON.stringify(message))
    expect(results).toMatchObject([{ reason: 'invalid_alert' }, { reason: 'alert', to: 6 }])
    const [refused] = await store.events({ kinds: ['rejected'], limit: 1 })
    expect(refused?.error?.message).toMatch(problem)
    expect(refused?.error?.message.length).toBeLessThanOrEqual(500)
    expect(response.text.length).toBeLessThan(2_000)
  })

  it('256 labels and a summary of 64 KB are understood, and what is kept is cut', async () => {
    const world = await anApp()
    const alert = anAlert({ replicas: '7' }) as { labels: object; annotations: object }
    const many = Object.fromEntries(Array.from({ length: 253 }, (_, n) => [`k${n}`, 'v'.repeat(100)]))
    await world.post({
      ...alert,
      labels: { ...many, ...alert.labels, alertname: '\u{1f984}'.repeat(5_000) },
      annotations: { ...alert.annotations, summary: 's'.repeat(65_536) },
    })
    const [scaled] = await world.store.events({ kinds: ['scaled'], limit: 1 })
    const [kept] = scaled?.alerts ?? []
    expect(kept?.name).toBe(`${'\u{1f984}'.repeat(99)}\u2026`)
    expect(kept?.summary).toBe(`${'s'.repeat(999)}\u2026`)
    const { text } = await request(world.app).get('/api/v1/services')
    expect(text.length).toBeLessThan(5_000)
  })
})
