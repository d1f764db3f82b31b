import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

interface LockEntry {
  readonly hasInstallScript?: boolean
  readonly optional?: boolean
  readonly engines?: unknown
}

const repository = join(import.meta.dirname, '../..')
const noLibrary = 'node: error while loading shared libraries: libatomic.so.1: cannot open shared object file'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'swarm-autoscaler-setup-'))
  for (const path of ['setup', 'node_modules/.bin', 'programs'])
    mkdirSync(join(folder, path), { recursive: true })
  copyFileSync(join(repository, 'setup/node-runs.sh'), join(folder, 'setup/node-runs.sh'))
  // The shell's own tools are all that it has beside those that a test makes.
  program('dirname', 'echo setup')
})
afterEach(() => rmSync(folder, { recursive: true }))

function program(name: string, script: string, where = 'programs'): void {
  const path = join(folder, where, name)
  writeFileSync(path, `#!/bin/sh\n${script}\n`)
  chmodSync(path, 0o755)
}

const node = (script: string) => program('node', script, 'node_modules/.bin')

function runs() {
  const { status, stdout, stderr } = spawnSync('/bin/sh', ['setup/node-runs.sh'], {
    cwd: folder,
    env: { PATH: join(folder, 'programs') },
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

describe('after an installation', () => {
  it('nothing is done if Node.js starts', () => {
    node('echo v26.0.0')
    program('apt-get', 'echo "$@" >>installed')
    expect(runs()).toEqual({ status: 0, stdout: '', stderr: '' })
    expect(existsSync(join(folder, 'installed'))).toBe(false)
  })

  it('nothing is done if it was left out, as in the image', () => {
    expect(runs()).toEqual({ status: 0, stdout: '', stderr: '' })
  })

  it('the library that Node.js lacks is installed by root, after the package lists where they are missing', () => {
    node(`[ -e installed ] || { echo '${noLibrary}' >&2; exit 127; }`)
    program('id', 'echo 0')
    program(
      'apt-get',
      'echo "$@" >>calls; case $1 in update) : >lists;; install) [ -e lists ] && : >installed;; esac',
    )
    expect(runs()).toMatchObject({ status: 0, stderr: '' })
    const calls = readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n')
    expect(calls.map((call) => call.split(' ')[0])).toEqual(['install', 'update', 'install'])
    expect(calls[0]).toMatch(/ libatomic1$/)
  })

  it.each([
    ['without root', 'echo 1000', true, "Run 'sudo apt-get install -y libatomic1', then npm ci again."],
    ['without apt', 'echo 0', false, "Install your system's package of it"],
  ])('%s one sentence says what to do', (_, id, hasApt, remedy) => {
    node(`echo '${noLibrary}' >&2; exit 127`)
    program('id', id)
    if (hasApt) program('apt-get', 'exit 1')
    const { status, stdout, stderr } = runs()
    expect(status).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toContain(remedy)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })

  it('what apt-get said is shown if it fails', () => {
    node(`echo '${noLibrary}' >&2; exit 127`)
    program('id', 'echo 0')
    program('apt-get', 'echo "E: no such package" >&2; exit 100')
    const { status, stderr } = runs()
    expect(status).toBe(1)
    expect(stderr).toContain('E: no such package')
  })

  it('any other reason why Node.js does not start is shown as it is', () => {
    node('echo "Illegal instruction" >&2; exit 132')
    expect(runs()).toMatchObject({ status: 1, stderr: expect.stringContaining('Illegal instruction') })
  })
})

describe('package-lock.json', () => {
  const lock: { packages: Record<string, LockEntry> } = JSON.parse(
    readFileSync(join(repository, 'package-lock.json'), 'utf8'),
  )

  it('marks no package as one that runs a script, but that of Node.js: npm run lock', () => {
    const marked = Object.entries(lock.packages)
      .filter(([place, { hasInstallScript }]) => place !== '' && hasInstallScript === true)
      .map(([place]) => place)
    expect(marked).toEqual(['node_modules/node'])
  })

  it('holds no native part of ssh2: npm run lock', () => {
    const names = Object.keys(lock.packages).map((place) => place.split('node_modules/').at(-1))
    expect(names).toContain('ssh2')
    expect(names).not.toContain('cpu-features')
    expect(names).not.toContain('nan')
    expect(lock.packages['node_modules/ssh2']).not.toHaveProperty('optionalDependencies')
  })

  it('leaves no optional package out where npm runs on an older Node.js: npm run lock', () => {
    const optional = Object.entries(lock.packages).filter(([, entry]) => entry.optional === true)
    expect(optional.length).toBeGreaterThan(10)
    expect(optional.filter(([, { engines }]) => engines !== undefined).map(([place]) => place)).toEqual([])
  })
})
