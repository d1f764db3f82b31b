import type { RequestHandler } from 'express'
import { sendJson } from './answer.ts'
import { componentSchemas, queryParameters, type Schema } from './openapi-schemas.ts'
import { NoQuery } from './parameters.ts'
import { readQuery } from './query.ts'
import { type Route, routes } from './routes.ts'

/** What has to be shown. */
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
  return {
    openapi: '3.1.0',
    info: {
      title: 'swarm-autoscaler',
      version,
      description:
        'How the scaled services stand, what happened to them, and what they cost. Times are RFC 3339 in UTC, units are in the names (`replicaSeconds`). A field is absent where it has no value. Later versions may answer more fields.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    security: securityOf(access),
    paths: Object.fromEntries(
      Object.entries(routes).map(([path, route]) => [path, { get: operation(route) }]),
    ),
    components: {
      schemas: {
        ...componentSchemas(),
        Description: { type: 'object', description: 'A document of OpenAPI 3.1.' } satisfies Schema,
      },
      responses: problems,
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'The token of AUTOSCALER_READ_TOKEN.' },
        basic: { type: 'http', scheme: 'basic', description: 'Any user, and the token as the password.' },
        certificate: {
          type: 'mutualTLS',
          description: 'A certificate that the CA of AUTOSCALER_TLS_CLIENT_CA_FILE has signed.',
        },
      },
    },
  }
}

/** Each of the list is enough; what stands together in one is needed together. */
function securityOf({ hasToken, hasCertificate }: Access) {
  const certificate = hasCertificate ? { certificate: [] } : {}
  if (hasToken)
    return [
      { bearer: [], ...certificate },
      { basic: [], ...certificate },
    ]
  return hasCertificate ? [certificate] : []
}

function operation(route: Route) {
  const { operationId, summary, description, path = {}, query, isTable } = route
  return {
    operationId,
    summary,
    description,
    parameters: [
      ...Object.entries(path).map(([name, text]) => ({
        name,
        in: 'path',
        required: true,
        description: text,
        schema: { type: 'string' },
      })),
      ...queryParameters(query),
    ],
    responses: {
      200: {
        description: summary,
        headers: { ...headers, ...(isTable ? { Link: linkHeader } : {}) },
        content: contentOf(route),
      },
      304: { description: 'It is as it was when it had the ETag of `If-None-Match`.' },
      400: refer('BadQuery'),
      401: refer('NoCredentials'),
      403: refer('WrongToken'),
      ...(route.isNamed ? { 404: refer('NotFound') } : {}),
      406: refer('NotAcceptable'),
    },
  }
}

function contentOf({ answer, example, isTable }: Route) {
  const json = {
    schema: { $ref: `#/components/schemas/${answer}` },
    ...(example === undefined ? {} : { example }),
  }
  const csv = { schema: { type: 'string', description: 'RFC 4180, with a header row.' } }
  return { 'application/json': json, ...(isTable ? { 'text/csv': csv } : {}) }
}

const text = { schema: { type: 'string' } }
const headers = {
  ETag: { description: 'Send it as `If-None-Match` to be told with 304 that nothing has changed.', ...text },
  'Cache-Control': { description: 'How long the answer may be used again.', ...text },
}
const linkHeader = { description: 'The next page, `rel="next"`. Absent on the last one.', ...text }

function refer(name: keyof typeof problems) {
  return { $ref: `#/components/responses/${name}` }
}

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
})

const problems = {
  BadQuery: problem('Parameters are wrong or unknown: `faults` names all of them.'),
  NoCredentials: problem('No token was shown, or a wrong password.'),
  WrongToken: problem('The Bearer token is wrong, or the client certificate is missing or wrong.'),
  NotFound: problem('There is no such service.'),
  NotAcceptable: problem('It cannot be given as the header Accept asks for.'),
}
