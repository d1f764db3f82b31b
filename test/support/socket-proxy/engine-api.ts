/**
 * Every path of the Docker Engine API, by https://docs.docker.com/reference/api/engine/ and the routers of the engine itself,
 * with a name where a name may stand.
 */
export const enginePaths: readonly string[] = [
  // Containers
  ...['json', 'create', 'prune'].map((last) => `/containers/${last}`),
  '/containers/x',
  ...'json top logs changes export stats resize start stop restart kill update rename pause unpause attach attach/ws wait'
    .split(' ')
    .map((last) => `/containers/x/${last}`),
  ...['archive', 'copy', 'exec', 'checkpoints', 'checkpoints/y'].map((last) => `/containers/x/${last}`),
  ...['start', 'resize', 'json'].map((last) => `/exec/x/${last}`),
  // Images, and what makes them
  ...'json create search prune get load x x/json x/history x/push x/tag x/get x/attestations'
    .split(' ')
    .map((last) => `/images/${last}`),
  '/images/registry.example/shop/web:1/json',
  ...['/build', '/build/prune', '/build/cancel', '/commit', '/session', '/grpc', '/auth'],
  '/distribution/x/json',
  // Volumes and networks
  ...['', '/create', '/prune', '/x'].map((last) => `/volumes${last}`),
  ...['', '/', '/create', '/prune', '/x', '/x/connect', '/x/disconnect'].map((last) => `/networks${last}`),
  // Plugins
  ...['', '/privileges', '/pull', '/create', '/x', '/x/json'].map((last) => `/plugins${last}`),
  ...['enable', 'disable', 'upgrade', 'push', 'set'].map((last) => `/plugins/x/${last}`),
  // Swarm
  ...['', '/init', '/join', '/leave', '/update', '/unlockkey', '/unlock'].map((last) => `/swarm${last}`),
  ...['', '/x', '/x/update'].map((last) => `/nodes${last}`),
  ...['', '/create', '/x', '/x/update', '/x/logs'].map((last) => `/services${last}`),
  ...['', '/x', '/x/logs'].map((last) => `/tasks${last}`),
  ...['secrets', 'configs'].flatMap((kind) =>
    ['', '/create', '/x', '/x/update'].map((last) => `/${kind}${last}`),
  ),
  // The engine itself
  ...[
    '/_ping',
    '/version',
    '/info',
    '/events',
    '/system/df',
    '/debug/vars',
    '/debug/pprof/',
    '/debug/pprof/heap',
  ],
  ...['/', '/v1.41', '/v1.41/', '/metrics'],
]

export const methods = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'CONNECT',
] as const

/** The versions that a client may put before a path, and none. */
export const versions = ['', '/v1.24', '/v1.41', '/v1.52'] as const

/** What the client may ask that lies behind the receiver's proxy: `services/create` is a service of that name when it is read. */
export const receiverMay: readonly string[] = [
  'HEAD /_ping',
  ...['_ping', 'version', 'info', 'services', 'tasks', 'events'].map((path) => `GET /${path}`),
  ...['GET /services/x', 'GET /services/create', 'POST /services/x/update'],
]

/** The same of Prometheus. */
export const prometheusMay: readonly string[] = [
  'HEAD /_ping',
  ...['_ping', 'version', 'info', 'services', 'tasks', 'nodes', 'networks'].map((path) => `GET /${path}`),
]

/**
 * What the proxy answers to a request of the API, given what its client may: 405 to a method of which nothing is allowed, 403 to any other
 * path. Source: handleHTTPRequest of wollomatic/socket-proxy 1.13.1.
 */
export function statusOf(request: string, may: readonly string[]): 200 | 403 | 405 {
  const [method = ''] = request.split(' ')
  if (!may.some((allowed) => allowed.startsWith(`${method} `))) return 405
  return may.includes(request.replace(/ \/v[\d.]+(?=\/)/, ' ')) ? 200 : 403
}

/** Requests, method and target, by which somebody would try to get around a list of paths. */
export const tricks: readonly string[] = [
  // Dots and slashes, before and after the part that is allowed
  'POST //services/create',
  'POST /services//create',
  'POST /./services/create',
  'POST /services/./create',
  'POST /v1.41//services/create',
  'POST /v1.41/../containers/create',
  'POST /services/x/update/../../create',
  'POST /services/x/update/../../../containers/create',
  'POST /services/x/update/../../../v1.41/services/create',
  'POST /services/../services/create',
  'POST /services/../update',
  'POST /services/../swarm/update',
  'POST /services/./update',
  'GET /services/..',
  'GET /services/../secrets',
  'GET /_ping/../containers/json',
  'GET /events/../../secrets',
  'GET /info/./../containers/json',
  'GET //containers/json',
  'GET /tasks//x/logs',
  // The same, written in other ways
  'POST /services/x/%2e%2e/create',
  'POST /services/x/update/%2e%2e/%2e%2e/create',
  'POST /services/x/update/%2E%2E/%2E%2E/create',
  'POST /services/x/update%2f..%2f..%2fcreate',
  'POST /services%2fcreate',
  'POST /services/x%2fupdate%2f..%2f..%2fcreate',
  'POST /services/x/update/..%2f..%2fcreate',
  'POST /services/x/update/%252e%252e/%252e%252e/create',
  'POST /%73ervices/create',
  'POST /services/x/update\\..\\..\\create',
  'POST \\services\\create',
  'POST /services/x/update;/../../create',
  'POST /services/create;/services/x/update',
  'GET /services/%2e%2e/secrets',
  'GET /services/x/%6cogs',
  'GET /services%2f..%2fsecrets',
  // More before it or after it
  'POST /services/x/update/',
  'POST /services/x/update/x',
  'POST /services/x/y/update',
  'POST /services//update',
  'POST /services/x/update.json',
  'POST /services/x/update%00',
  'POST /services/x/update%00/../../create',
  'POST /services/x/update%20',
  'POST /services/create%3f/services/x/update',
  'POST /services/create%23/services/x/update',
  'POST /v1.41/v1.41/services/x/update',
  'POST /v1/services/x/update',
  'POST /v2.0/services/x/update',
  'POST /v1.41x/services/x/update',
  'POST /v1a41/services/x/update',
  'POST /x/services/x/update',
  'GET /services/x/y',
  'GET /services/x/logs?/services/x',
  'GET /containers/json?path=/services',
  'POST /services/create?/services/x/update',
  'POST /services/create?name=/services/x/update',
  // Other letters, other methods, other forms of a request
  'POST /SERVICES/x/update',
  'POST /services/x/UPDATE',
  'post /services/create',
  'get /containers/json',
  'GET /services/x/update',
  'PUT /services/x/update',
  'DELETE /services/x',
  'POST http://docker/services/create',
  'POST http://docker/services/x/update/../../create',
  'GET http://docker/containers/json',
  'GET http://services/containers/json',
  'GET http:///containers/json',
  'POST services/x/update',
  'POST *',
  'CONNECT docker:2375',
  'TRACE /services',
]
