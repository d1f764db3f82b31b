import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { RequestHandler } from 'express'
import { Problem } from '../problem.ts'

/** The style sheets, in the order in which they are sent as one. */
const sheets = [
  'colours',
  'base',
  'head',
  'state',
  'sections',
  'forms',
  'badges',
  'services',
  'numbers',
  'details',
  'events',
  'cost',
  'narrow',
]

interface Asset {
  readonly type: string
  readonly body: Buffer
  /** Hash of the content. */
  readonly hash: string
}

/** Every file that the page uses, by its name. */
const assets: ReadonlyMap<string, Asset> = new Map([
  ['page.css', asset('text/css; charset=utf-8', ...sheets.map((name) => `css/${name}.css`))],
  ['icon.svg', asset('image/svg+xml', 'icon.svg')],
  ...['page.js', 'times.js', 'morph.js'].map(
    (name) => [name, asset('text/javascript; charset=utf-8', name)] as const,
  ),
])

/** Hash of all files of the page. */
const version = hashOf(Buffer.from([...assets.values()].map(({ hash }) => hash).join()))

function asset(type: string, ...files: readonly string[]): Asset {
  const body = Buffer.concat(files.map((file) => readFileSync(new URL(`./assets/${file}`, import.meta.url))))
  return { type, body, hash: hashOf(body) }
}

function hashOf(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex').slice(0, 16)
}

/** The URL of a file, relative to the page. It changes when any file of the page changes. */
export function assetPath(name: 'page.css' | 'page.js' | 'icon.svg'): string {
  return `assets/${name}?v=${version}`
}

/** `GET /assets/:name`: the files of the page. With the current version in the URL they can be cached forever, otherwise they are revalidated. */
export const serveAsset: RequestHandler<{ name: string }> = (request, response) => {
  const found = assets.get(request.params.name)
  if (found === undefined) throw new Problem(404, `there is no asset ${request.params.name}`)
  response.set({
    'Cache-Control': request.query['v'] === version ? 'public, max-age=31536000, immutable' : 'no-cache',
    'Content-Type': found.type,
    'Cross-Origin-Resource-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
    ETag: `"${found.hash}"`,
  })
  response.send(found.body)
}
