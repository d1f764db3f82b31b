import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { z } from 'zod'

const Value = z.union([
  z.object({ stringValue: z.string() }).transform(({ stringValue }) => stringValue),
  z.object({ intValue: z.number() }).transform(({ intValue }) => intValue),
  z.unknown().transform(() => undefined),
])

const Attributes = z
  .array(z.object({ key: z.string(), value: Value }))
  .transform((list) => Object.fromEntries(list.map(({ key, value }) => [key, value])))

const Span = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  attributes: Attributes,
  events: z.array(z.object({ name: z.string(), attributes: Attributes })).default([]),
})
type Span = z.infer<typeof Span>

const Export = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: Attributes }),
      scopeSpans: z.array(z.object({ spans: z.array(Span) })),
    }),
  ),
})

/** A collector of OpenTelemetry on 127.0.0.1 that takes traces over HTTP, as JSON or in protobuf. */
export async function startCollector() {
  const exports: z.infer<typeof Export>['resourceSpans'] = []
  /** What came in protobuf, as it came. */
  const binary: Buffer[] = []
  const server = createServer(async (request, response) => {
    const body = await buffer(request)
    if (request.headers['content-type'] !== 'application/json') binary.push(body)
    else exports.push(...Export.parse(JSON.parse(body.toString())).resourceSpans)
    response.setHeader('Content-Type', 'application/json').end('{}')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const spans = (): readonly Span[] =>
    exports.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans))
  return {
    url: `http://127.0.0.1:${port}`,
    spans,
    /** The attributes of the resources that sent them. */
    resources: () => exports.map(({ resource }) => resource.attributes),
    /** Whether a span came in protobuf: its IDs are the first two fields, one right after the other. */
    hasBinary: (traceId: string, spanId: string) => {
      const ids = Buffer.from(`0a10${traceId}1208${spanId}`, 'hex')
      return binary.some((body) => body.includes(ids))
    },
    stop: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
