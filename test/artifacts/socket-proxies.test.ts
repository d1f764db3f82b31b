import { describe, expect, it } from 'vitest'
import {
  enginePaths,
  methods,
  prometheusMay,
  receiverMay,
  statusOf,
  tricks,
  versions,
} from '../support/socket-proxy/engine-api.ts'
import { answerTo, shippedProxy } from '../support/socket-proxy/rules.ts'

const proxies = [
  ['socket-proxy', receiverMay],
  ['discovery-proxy', prometheusMay],
] as const

describe.each(proxies)('%s of docker-compose.yml', (name, allowed) => {
  const { command } = shippedProxy(name)

  it.each(versions)(
    'lets through, under "%s", what its client needs of the whole API, and nothing else',
    (version) => {
      const through = methods.flatMap((method) =>
        enginePaths
          .filter((path) => answerTo(command, method, `${version}${path}`) === 'through')
          .map((path) => `${method} ${path}`),
      )
      expect(through.toSorted()).toEqual([...allowed].toSorted())
    },
  )

  it.each(versions)('refuses under "%s" what else there is: 403 to a path, 405 to a method', (version) => {
    for (const [method, path] of methods.flatMap((each) =>
      enginePaths.map((path) => [each, path] as const),
    )) {
      const target = `${version}${path}`
      const status = statusOf(`${method} ${path}`, allowed)
      expect(answerTo(command, method, target), `${method} ${target}`).toBe(
        status === 200 ? 'through' : status,
      )
    }
  })

  it('is not tricked', () => {
    const through = tricks.filter((trick) => {
      const [method = '', target = ''] = trick.split(' ')
      return answerTo(command, method, target) === 'through'
    })
    expect(through).toEqual([])
  })
})
