/** A part of the program that is mutated by itself, and what has to notice. */
export interface Room {
  /** Files, as patterns; `!` leaves out. */
  readonly mutate: readonly string[]
  readonly tests: readonly string[]
  /** Tests that would notice a few more, and make each mutant take seconds. */
  readonly slowTests?: readonly string[]
  /** Share of the mutants that have to be noticed, in percent. */
  readonly least: number
}

const noTests = '!src/**/*.test.ts'

export const rooms: Readonly<Record<string, Room>> = {
  rules: {
    mutate: [
      'src/{decide,domain,text}/**/*.ts',
      'src/policy/{label-keys,label-reader,label-values,read-policy,forecast-labels,schedule-labels,state-labels}.ts',
      '!src/domain/assert-never.ts',
      noTests,
    ],
    tests: ['src/{decide,domain,text}/**/*.test.ts', 'src/policy/{read-policy,state-labels}.test.ts'],
    slowTests: ['src/decide/properties.test.ts'],
    least: 90,
  },
  reconcile: {
    mutate: ['src/reconcile/**/*.ts', noTests],
    tests: ['src/reconcile/**/*.test.ts'],
    least: 85,
  },
  swarm: {
    mutate: ['src/swarm/**/*.ts', noTests],
    tests: ['src/swarm/**/*.test.ts', 'test/contract/fake-engine.test.ts'],
    least: 85,
  },
  history: {
    mutate: [
      'src/history/**/*.ts',
      // Its tests start a server of PostgreSQL, and would for every mutant. What needs none is mutated.
      '!src/history/postgres/**',
      'src/history/postgres/postgres-error.ts',
      // A mutant is there in the thread of the tests alone.
      '!src/history/sqlite/sqlite-thread.ts',
      noTests,
    ],
    tests: [
      'src/history/**/*.test.ts',
      'test/contract/sqlite-*.test.ts',
      'test/history/{sqlite-file-faults,versions}.test.ts',
    ],
    slowTests: ['src/history/cost/properties.test.ts'],
    least: 85,
  },
}

/** How the process that mutates tells those that test which room it is. */
export const roomVariable = 'MUTATION_ROOM'

/** The room that is mutated at this moment. */
export function mutatedRoom(): Room {
  const name = process.env[roomVariable] ?? ''
  const room = rooms[name]
  if (room === undefined) throw new Error('run npm run mutation: it says which room is mutated')
  return room
}
