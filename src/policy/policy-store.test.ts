import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { SettingsError } from '../config/load.ts'
import { reloadAll } from '../config/reloading.ts'
import { PolicyStore } from './policy-store.ts'

const folder = mkdtempSync(join(tmpdir(), 'policy-'))
const file = join(folder, 'policy.yml')
afterAll(() => rmSync(folder, { recursive: true }))

const good = 'services: {web: {enable: true, max: 3}}'
const bad = 'services:\n  web: {enable: true, max: many}\n  api: {mx: 3}'

function aStore(text: string): PolicyStore {
  writeFileSync(file, text)
  return PolicyStore.load(file)
}

it('has no labels without a file, and nothing to reload', () => {
  const store = PolicyStore.load('')
  expect(reloadAll([store])).toEqual([])
  expect([store.labelsFor('web'), store.hasEnable()]).toEqual([{}, false])
})

it('has the labels of a valid file, and then those of the next valid one', () => {
  const store = aStore(good)
  expect([store.labelsFor('web'), store.hasEnable()]).toEqual([{ enable: 'true', max: '3' }, true])
  writeFileSync(file, 'defaults: {max: 4}')
  expect(reloadAll([store])).toEqual([])
  expect([store.labelsFor('web'), store.hasEnable()]).toEqual([{ max: '4' }, false])
})

it('keeps the current labels when the new file is invalid, and uses the fixed one', () => {
  const store = aStore(good)
  writeFileSync(file, bad)
  expect(reloadAll([store])).toEqual([
    expect.stringMatching(/policy\.yml:2:23: services\.web\.max="many" must be /),
    expect.stringMatching(/policy\.yml:3:9: services\.api\.mx="3" /),
  ])
  expect(store.labelsFor('web')).toEqual({ enable: 'true', max: '3' })
  writeFileSync(file, bad.replace('many', '5').replace('mx', 'max'))
  expect(reloadAll([store])).toEqual([])
  expect(store.labelsFor('web')).toEqual({ enable: 'true', max: '5' })
})

it('keeps the current labels when the file is gone', () => {
  const store = aStore(good)
  rmSync(file)
  expect(reloadAll([store])).toEqual([expect.stringMatching(/policy\.yml: ENOENT/)])
  expect(store.labelsFor('web')).toEqual({ enable: 'true', max: '3' })
})

it('refuses more nesting than can be read, and keeps the current labels', () => {
  const store = aStore(good)
  writeFileSync(file, `defaults: ${'{a: '.repeat(20_000)}1${'}'.repeat(20_000)}`)
  expect(reloadAll([store])).not.toEqual([])
  expect(store.labelsFor('web')).toEqual({ enable: 'true', max: '3' })
})

it('does not start with an invalid file, nor without the one that is named', () => {
  let thrown: unknown
  try {
    aStore(bad)
  } catch (error) {
    thrown = error
  }
  expect(thrown).toBeInstanceOf(SettingsError)
  expect((thrown as SettingsError).faults).toHaveLength(2)
  expect(() => PolicyStore.load(join(folder, 'none.yml'))).toThrow(/ENOENT/)
})
