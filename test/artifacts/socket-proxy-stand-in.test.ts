import { afterAll, beforeAll, describe, expect, it } from 'vitest'
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
import { type RunningStandIn, startStandIn } from '../support/socket-proxy/stand-in.ts'
import { suiteNginx } from '../support/socket-proxy/suite-nginx.ts'

const nginx = await suiteNginx().catch((error: unknown) => {
  if (process.env['CI'] === 'true') throw error
  console.warn(`SKIPPED: the test bed's socket proxy. ${error instanceof Error ? error.message : error}`)
  return undefined
})

const wholeApi = versions.flatMap((version) =>
  enginePaths.flatMap((path) => methods.map((method) => `${method} ${version}${path}`)),
)

describe.skipIf(nginx === undefined).each([
  ['socket-proxy', receiverMay],
  ['discovery-proxy', prometheusMay],
] as const)("the test bed's %s", (name, allowed) => {
  const { command } = shippedProxy(name)
  let proxy: RunningStandIn
  beforeAll(async () => {
    proxy = await startStandIn(nginx ?? '', command)
  })
  afterAll(() => proxy.close())

  it('answers 405 to a method without any rule, 403 to a path that none allows, and lets the rest through', async () => {
    const statuses = await proxy.send(wholeApi)
    const wrong = wholeApi
      .map((request, index) => ({ request, is: statuses[index], should: statusOf(request, allowed) }))
      .filter(({ is, should }) => is !== should)
    expect(wrong).toEqual([])
  })

  it('lets nothing through that the real one would not', async () => {
    const before = proxy.reached.length
    const statuses = await proxy.send(tricks)
    expect(proxy.reached.slice(before)).toEqual([])
    const untoldOf = tricks.filter((_, index) => (statuses[index] ?? 0) < 400)
    expect(untoldOf).toEqual([])
  })

  it.each([
    'GET /services/x/../../info',
    'GET /services/./x',
    'GET //services',
    'GET /info/%2e%2e/services',
    'GET /%73ervices',
    'GET /services?filters=%7B%22a%22%3A%22..%2F%2F%22%7D',
    'GET /services%2fx',
  ])('judges %s as the real one does: by what was sent, its percent signs decoded', async (request) => {
    const [method = '', target = ''] = request.split(' ')
    const answer = answerTo(command, method, target)
    expect(await proxy.send([request])).toEqual([answer === 'through' ? 200 : answer])
  })
})
