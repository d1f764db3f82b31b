import request from 'supertest'
import { describe, expect, it } from 'vitest'
import { mostBytes } from '../../../src/receiver/read-body.ts'
import { aMessage, anAlert } from '../../support/fakes/alertmanager-message.ts'
import { anApp } from '../../support/fakes/an-app.ts'
import { sent, withMore } from '../../support/sent-json.ts'

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)

/** So many alerts that are none. */
const aMessageOf = (alerts: number) =>
  JSON.stringify(aMessage(1)).replace(/1\]\}$/, `${'1,'.repeat(alerts - 1)}1]}`)

/** A message of one alert, which has this JSON in place of a field of its own. */
function withInstead(field: string, json: string): string {
  const alert = anAlert({ replicas: '7' }) as object
  return JSON.stringify(aMessage({ ...alert, [field]: 'here' })).replace('"here"', json)
}

const repeated = (count: number, of: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => of(n)).join()

describe('a message that is too much', () => {
  const tooLarge = /larger than 2 MB/
  const noMessage = /must be an Alertmanager message/
  it.each<[string, string, number, RegExp]>([
    ['lists in lists', '['.repeat(8_000_000), 413, tooLarge],
    ['lists that do not end', '['.repeat(mostBytes), 400, /no JSON/],
    ['lists in lists that end', nested(mostBytes / 2), 400, noMessage],
    ['objects in objects', `${'{"":'.repeat(300_000)}1${'}'.repeat(300_000)}`, 400, noMessage],
    [
      'a million labels',
      withMore(
        'labels',
        repeated(1_000_000, (n) => `"k${n}":""`),
      ),
      413,
      tooLarge,
    ],
    ['millions of alerts', aMessageOf(2_000_000), 413, tooLarge],
    ['as many alerts as go into it', aMessageOf(1_000_000), 400, /more than 5000 alerts/],
    ['five thousand and one alerts', aMessageOf(5_001), 400, /more than 5000 alerts/],
  ])('%s: is refused', async (_, json, status, detail) => {
    const { response, swarm } = await sent(json)
    expect([response.status, response.body.detail]).toEqual([status, expect.stringMatching(detail)])
    expect(swarm.updates).toEqual([])
  })

  const deep = nested(100_000)
  it.each([
    ['a label', withMore('labels', `"a":${deep}`), /^labels: must be strings, and "a" is not$/],
    ['an annotation', withMore('annotations', `"a":${deep}`), /^annotations: must be strings/],
    ['the labels', withInstead('labels', deep), /^labels: must be an object of strings$/],
    ['the status', withInstead('status', deep), /^status: /],
    ['the start', withInstead('startsAt', deep), /^startsAt: /],
    ['the fingerprint', withInstead('fingerprint', deep), /^fingerprint: /],
  ])('a hundred thousand lists in each other for %s: that alert is refused', async (_, json, problem) => {
    const { results, store } = await sent(json)
    expect(results).toMatchObject([{ reason: 'invalid_alert' }])
    const [refused] = await store.events({ kinds: ['rejected'], limit: 1 })
    expect(refused?.error?.message).toMatch(problem)
  })

  it('a hundred thousand nested lists in a field that nobody reads do no harm', async () => {
    const more = withMore('labels', '')
      .replace('{,', '{')
      .replace('"fieldOfANewerVersion":true', `"more":${deep}`)
    expect(more).toContain(deep)
    expect((await sent(more)).results).toMatchObject([{ to: 7 }])
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
      'a label of 1.5 MB',
      withMore('labels', `"a":"${'x'.repeat(1_500_000)}"`),
      /65536 characters each, and "a" has/,
    ],
    [
      'a name of a label of 1.5 MB',
      withMore('labels', `"${'x'.repeat(1_500_000)}":""`),
      /name of 1500000 characters/,
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
