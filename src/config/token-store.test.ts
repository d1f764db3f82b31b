import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { loadAll, reloadAll } from './reloading.ts'
import { TokenStore } from './token-store.ts'

const folder = mkdtempSync(join(tmpdir(), 'tokens-'))
afterAll(() => rmSync(folder, { recursive: true }))
const webhookFile = join(folder, 'webhook')
const metricsFile = join(folder, 'metrics')

function aStore() {
  writeFileSync(webhookFile, 'webhook-old\n')
  writeFileSync(metricsFile, 'metrics-old\n')
  const store = new TokenStore({
    AUTOSCALER_WEBHOOK_TOKEN_FILE: webhookFile,
    AUTOSCALER_READ_TOKEN: 'read-token',
    AUTOSCALER_METRICS_TOKEN_FILE: metricsFile,
  })
  loadAll([store])
  return store
}
const held = (store: TokenStore) => [store.webhook(), store.readers(), store.metrics()]

it('holds the tokens of each route, from the environment and from files', () => {
  expect(held(aStore())).toEqual([['webhook-old'], ['read-token'], ['metrics-old']])
  expect(held(new TokenStore({}))).toEqual([[], [], []])
})

it('uses the tokens of valid new files, several of one file included', () => {
  const store = aStore()
  writeFileSync(webhookFile, 'webhook-old\nwebhook-new\n')
  expect(reloadAll([store])).toEqual([])
  writeFileSync(webhookFile, 'webhook-new\n')
  writeFileSync(metricsFile, 'metrics-new')
  expect(store.webhook()).toEqual(['webhook-old', 'webhook-new'])
  expect(reloadAll([store])).toEqual([])
  expect(held(store)).toEqual([['webhook-new'], ['read-token'], ['metrics-new']])
})

it.each<[string, () => void, RegExp]>([
  ['is gone', () => rmSync(webhookFile), /^AUTOSCALER_WEBHOOK_TOKEN_FILE: ENOENT.*webhook'$/],
  ['is empty', () => writeFileSync(webhookFile, '\n'), /^AUTOSCALER_WEBHOOK_TOKEN_FILE: .*webhook is empty$/],
  ['is too short', () => writeFileSync(webhookFile, 'short'), /^AUTOSCALER_WEBHOOK_TOKEN_FILE: must be one/],
  ['is cut off', () => writeFileSync(webhookFile, 'webhook-new\nwebh'), /of at least 8 characters/],
  [
    'lets readers scale',
    () => writeFileSync(webhookFile, 'webhook-new,read-token'),
    /^AUTOSCALER_READ_TOKEN has a token of AUTOSCALER_WEBHOOK_TOKEN/,
  ],
])('keeps all current tokens when a new file %s', (_, spoil, fault) => {
  const store = aStore()
  writeFileSync(metricsFile, 'metrics-new')
  spoil()
  const faults = reloadAll([store])
  expect(faults).toEqual([expect.stringMatching(fault)])
  expect(faults.join()).not.toMatch(/short|webhook-new|webh,|read-token/)
  expect(held(store)).toEqual([['webhook-old'], ['read-token'], ['metrics-old']])
})

it('reports the faults of all files at once', () => {
  const store = aStore()
  writeFileSync(webhookFile, '')
  rmSync(metricsFile)
  expect(reloadAll([store])).toEqual([
    expect.stringMatching(/^AUTOSCALER_WEBHOOK_TOKEN_FILE: /),
    expect.stringMatching(/^AUTOSCALER_METRICS_TOKEN_FILE: /),
  ])
})

it('keeps its tokens when a file of another store is bad', () => {
  const store = aStore()
  writeFileSync(webhookFile, 'webhook-new')
  const bad = { read: () => ({ kind: 'invalid', faults: ['policy.yml:1:1: no'] }) as const }
  expect(reloadAll([store, bad])).toEqual(['policy.yml:1:1: no'])
  expect(store.webhook()).toEqual(['webhook-old'])
})
