import { globSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { rooms } from './rooms.ts'

const cwd = join(import.meta.dirname, '../../..')

/** `a/{b,c}.ts` is two patterns, each of which has to find something. */
function alternatives(pattern: string): readonly string[] {
  const [all, names = ''] = /\{([^}]*)\}/.exec(pattern) ?? []
  return all === undefined
    ? [pattern]
    : names.split(',').flatMap((name) => alternatives(pattern.replace(all, name)))
}

describe.each(Object.entries(rooms))('the room %s', (_, { mutate, tests, slowTests = [] }) => {
  const patterns = [...mutate, ...tests, ...slowTests].map((pattern) => pattern.replace(/^!/, ''))

  it.each(patterns.flatMap(alternatives))('finds %s', (pattern) => {
    expect(globSync(pattern, { cwd })).not.toEqual([])
  })
})
