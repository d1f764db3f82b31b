import { expect, it } from 'vitest'
import {
  enginePaths,
  methods,
  prometheusMay,
  receiverMay,
  statusOf,
  tricks,
} from '../support/socket-proxy/engine-api.ts'
import { aGuardedEngine } from '../support/socket-proxy/guarded-engine.ts'
import { describeWithEngine, engine } from '../support/testbed/describe-with-engine.ts'

/** With a version and without: the rules themselves are tested with more of them. */
const versions = ['', '/v1.41']
const wholeApi = versions.flatMap((version) =>
  enginePaths.flatMap((path) => methods.map((method) => `${method} ${version}${path}`)),
)

describeWithEngine('before the engine', () => {
  it.each([
    ['socket-proxy', receiverMay],
    ['discovery-proxy', prometheusMay],
  ] as const)(
    'the %s lets through what its client needs, refuses all else of the API as it should, and is not tricked',
    async (name, allowed) => {
      await using guarded = await aGuardedEngine(engine, name)
      const verdicts = await guarded.send([...wholeApi, ...tricks])
      const expected = versions.flatMap((version) => allowed.map((may) => may.replace('/', `${version}/`)))
      expect(guarded.reached.toSorted()).toEqual(expected.toSorted())
      const refused = verdicts.slice(0, wholeApi.length)
      expect(refused).toEqual(wholeApi.map((request) => ({ request, status: statusOf(request, allowed) })))
      const lenient = verdicts.slice(wholeApi.length).filter(({ status }) => status < 400)
      expect(lenient).toEqual([])
    },
  )
})
