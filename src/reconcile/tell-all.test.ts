import { describe, expect, it } from 'vitest'
import { RecordingObserver } from '../../test/support/fakes/recording-observer.ts'
import type { Observer } from './ports.ts'
import { tellAll } from './tell-all.ts'

type Verb = keyof Observer
/** Every verb of an observer; the type holds the list against the port. */
const verbs = Object.keys({
  seen: 1,
  onlyLeft: 1,
  decided: 1,
  stands: 1,
  dropped: 1,
  applied: 1,
  converged: 1,
  crashLooped: 1,
  changedByOthers: 1,
  blocked: 1,
  failed: 1,
  conflicted: 1,
  resynced: 1,
  listening: 1,
} satisfies Record<Verb, 1>) as Verb[]

/** Notes what it is told, with its own name before it. */
function aNoter(name: string, notes: unknown[][]): Observer {
  const tells = verbs.map((verb) => [verb, (...news: unknown[]) => notes.push([name, verb, ...news])])
  return Object.fromEntries(tells) as Observer
}

describe('one observer that tells several', () => {
  it.each(verbs)('tells each of them, in order, all that it is told of %s', (verb) => {
    const notes: unknown[][] = []
    const all = tellAll(aNoter('first', notes), aNoter('second', notes))
    const tell = all[verb] as (...news: unknown[]) => void
    tell('a', 'b', 'c', 'd')
    expect(notes).toEqual([
      ['first', verb, 'a', 'b', 'c', 'd'],
      ['second', verb, 'a', 'b', 'c', 'd'],
    ])
  })

  it('keeps each of them whole: they are objects with a state of their own', () => {
    const recording = new RecordingObserver()
    tellAll(recording).conflicted('web')
    expect(recording.told).toEqual(['conflicted web'])
  })

  it('tells nobody where there is nobody', () => {
    expect(() => tellAll().conflicted('web')).not.toThrow()
  })
})
