import type { RequestHandler } from 'express'
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiOverride,
  type ZodOpenApiResponseObject,
} from 'zod-openapi'
import { sendJson } from './answer.ts'
import { NoQuery } from './parameters.ts'
import { readQuery } from './query.ts'
import { type Route, routes } from './routes.ts'
import { Problem } from './schemas.ts'

/** The credentials that a caller needs. */
interface Access {
  readonly hasToken: boolean
  readonly hasCertificate: boolean
}

/** `GET /api/v1/openapi.json`. */
export function showOpenApi(version: string, access: Access): RequestHandler {
  const document = openApi(version, access)
  return (request, response) => {
    readQuery(NoQuery, request)
    sendJson(request, response, document)
  }
}

function openApi(version: string, access: Access) {
  const paths = Object.entries(routes).map(([path, route]) => [path, { get: operation(route) }])
  const document = {
    openapi: '3.1.0' as const,
    info: {
      title: 'swarm-autoscaler',
      version,
      description:
        'The status of the scaled services, what happened to them, and what they cost. Times are RFC 3339 in UTC. Units are part of the names (`replicaSeconds`). A field without a value is absent. Later versions may add fields.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    security: securityOf(access),
    paths: Object.fromEntries(paths),
    components: { securitySchemes },
  }
  return createDocument(document, { override: simplify })
}

const securitySchemes = {
  bearer: { type: 'http', scheme: 'bearer', description: 'A token of AUTOSCALER_READ_TOKEN.' },
  basic: { type: 'http', scheme: 'basic', description: 'Any user name, and the token as password.' },
  certificate: {
    type: 'mutualTLS',
    description: 'A certificate signed by the CA in AUTOSCALER_TLS_CLIENT_CA_FILE.',
  },
} as const

/** What only repeats `format` and the type, and what would forbid later versions to answer more. */
const simplify: ZodOpenApiOverride = ({ jsonSchema }) => {
  if (jsonSchema.format === 'date-time') delete jsonSchema.pattern
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
  if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties
}

/** One entry of the list is enough; everything in an entry is needed together. */
function securityOf({ hasToken, hasCertificate }: Access) {
  const certificate = hasCertificate ? { certificate: [] } : {}
  if (hasToken)
    return [
      { bearer: [], ...certificate },
      { basic: [], ...certificate },
    ]
  return hasCertificate ? [certificate] : []
}

function operation(route: Route): ZodOpenApiOperationObject {
  const { operationId, summary, description, path = NoQuery, query, isTable } = route
  return {
    operationId,
    summary,
    description,
    requestParams: { path, query },
    responses: {
      200: {
        description: summary,
        headers: { ...headers, ...(isTable ? { Link: linkHeader } : {}) },
        content: contentOf(route),
      },
      304: { description: 'Not modified since the answer with the ETag in `If-None-Match`.' },
      400: badQuery,
      401: noCredentials,
      403: wrongToken,
      ...(route.isNamed ? { 404: notFound } : {}),
      406: notAcceptable,
    },
  }
}

function contentOf({ answer, example, isTable }: Route) {
  const json = {
    schema: answer,
    ...(example === undefined ? {} : { example }),
  }
  const csv = { schema: { type: 'string' as const, description: 'RFC 4180 with a header row.' } }
  return { 'application/json': json, ...(isTable ? { 'text/csv': csv } : {}) }
}

const text = { schema: { type: 'string' as const } }
const headers = {
  ETag: { description: 'Send it as `If-None-Match`: 304 means that nothing changed.', ...text },
  'Cache-Control': { description: 'How long the answer may be cached.', ...text },
}
const linkHeader = { description: 'The next page, `rel="next"`. Absent on the last one.', ...text }

const problem = (id: string, description: string): ZodOpenApiResponseObject => ({
  id,
  description,
  content: { 'application/problem+json': { schema: Problem } },
})

const badQuery = problem('BadQuery', 'Parameters are invalid or unknown; `faults` names all of them.')
const noCredentials = problem('NoCredentials', 'The token is missing, or the password is wrong.')
const wrongToken = problem(
  'WrongToken',
  'The Bearer token is wrong, or the client certificate is missing or wrong.',
)
const notFound = problem('NotFound', 'There is no such service.')
const notAcceptable = problem('NotAcceptable', 'None of the types in the Accept header is available.')
