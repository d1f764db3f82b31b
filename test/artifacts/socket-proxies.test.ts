import { describe, expect, it } from 'vitest'
import {
  enginePaths,
  methods,
  prometheusMay,
  receiverMay,
  tricks,
  versions,
} from '../support/socket-proxy/engine-api.ts'
import { letsThrough, shippedProxy } from '../support/socket-proxy/rules.ts'

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
          .filter((path) => letsThrough(command, method, `${version}${path}`))
          .map((path) => `${method} ${path}`),
      )
      expect(through.toSorted()).toEqual([...allowed].toSorted())
    },
  )

  it('is not tricked', () => {
    const through = tricks.filter((trick) => {
      const [method = '', target = ''] = trick.split(' ')
      return letsThrough(command, method, target)
    })
    expect(through).toEqual([])
  })
})
