import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ReceiverProcess } from '../support/receiver-process.ts'

const root = new URL('../../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')
const { version, engines, devDependencies } = JSON.parse(read('package.json')) as {
  version: string
  engines: { node: string }
  devDependencies: { node: string }
}

/** The version that a JSON file of npm's gives, and those of the package itself in a lock. */
function versionsIn(path: string): readonly string[] {
  const file = JSON.parse(read(path)) as { version: string; packages?: { '': { version: string } } }
  return file.packages === undefined ? [file.version] : [file.version, file.packages[''].version]
}

describe('the version of package.json', () => {
  it.each(['package-lock.json', 'examples/web/package.json', 'examples/web/package-lock.json'])(
    'is that of %s',
    (path) => {
      expect(new Set(versionsIn(path))).toEqual(new Set([version]))
    },
  )

  it('is the newest of the changelog, with the day of its release', () => {
    const headings = [...read('CHANGELOG.md').matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)
    expect(headings[0]?.split(' - ')).toEqual([version, expect.stringMatching(/^\d{4}-\d\d-\d\d$/)])
  })

  it('is the tag of the images, wherever the stack file and the docs name them', () => {
    const files = ['docker-compose.yml', 'README.md', ...globSync('docs/**/*.md', { cwd: root.pathname })]
    const tags = files.flatMap((path) => [...read(path).matchAll(/swarm-autoscaler(?:-web)?:(\d[\w.-]*)/g)])
    expect(tags.length).toBeGreaterThan(3)
    expect(tags.filter(([, tag]) => tag !== version).map(([image]) => image)).toEqual([])
  })

  it('is what the receiver says of itself, in the description of its API and in its metrics', async () => {
    const receiver = await ReceiverProcess.start({ dockerHost: 'unix:///nowhere/docker.sock' })
    const description = (await (await receiver.get('/api/v1/openapi.json')).json()) as { info: object }
    expect(description.info).toMatchObject({ version })
    expect(await receiver.metric(`build_info{version="${version}"}`)).toBe(1)
    expect(await receiver.stop()).toBe(0)
  })
})

describe('the version of Node.js that package.json installs', () => {
  const { node } = devDependencies

  it('is that of .nvmrc, and of the images wherever they are built or described', () => {
    expect(read('.nvmrc').trim()).toBe(node)
    const files = [
      'Dockerfile',
      'examples/web/Dockerfile',
      ...globSync('docs/**/*.md', { cwd: root.pathname }),
    ]
    const bases = files.flatMap((path) => [...read(path).matchAll(/\bnode:(\d+\.[\w.]+)/g)])
    expect(bases.length).toBeGreaterThan(3)
    expect(bases.filter(([, base]) => base !== node).map(([image]) => image)).toEqual([])
  })

  it('is of the oldest major version that is enough', () => {
    expect(engines.node).toBe(`>=${node.split('.')[0]}`)
    const lock = JSON.parse(read('package-lock.json')) as { packages: { '': { engines: object } } }
    expect(lock.packages[''].engines).toEqual(engines)
  })
})
