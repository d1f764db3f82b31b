import { cpSync, globSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join, matchesGlob } from 'node:path'

const root = join(import.meta.dirname, '../../..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')

interface Locked {
  readonly dev?: boolean
  readonly optional?: boolean
  readonly devOptional?: boolean
}

/** One instruction of the last stage of the Dockerfile: `USER node` is `['USER', 'node']`. */
export type Instruction = readonly [name: string, value: string]

function instructions(): readonly Instruction[] {
  const last =
    read('Dockerfile')
      .split(/^FROM .*$/m)
      .at(-1) ?? ''
  const lines = last
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll('\\\n', ' ')
    .split('\n')
  return lines.flatMap((line) => {
    const [, name, value] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? []
    return name === undefined || value === undefined ? [] : [[name, value] as const]
  })
}

export const valuesOf = (name: string) =>
  instructions()
    .filter(([one]) => one === name)
    .map(([, value]) => value)

/** The files of the repository that a build sees, by `.dockerignore`. */
function contextFiles(under: string): readonly string[] {
  const rules = read('.dockerignore')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
  const isMatch = (path: string, pattern: string): boolean =>
    matchesGlob(path, pattern) || (path.includes('/') && isMatch(dirname(path), pattern))
  const isSeen = (path: string) =>
    rules.reduce((seen, rule) => (isMatch(path, rule.replace(/^!/, '')) ? rule.startsWith('!') : seen), true)
  return globSync([under, `${under}/**/*`], { cwd: root, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter(isSeen)
}

/** The packages that `npm ci --omit=dev --omit=optional` installs. */
export const installedPackages: readonly string[] = Object.entries(
  (JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> }).packages,
)
  .filter(([, { dev, optional, devOptional }]) => !dev && !optional && !devOptional)
  .flatMap(([place]) => /^node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(place)?.[1] ?? [])

/** Lays out in `folder` what the last stage of the Dockerfile copies, packages included. Answers the copied files of the repository. */
export function layOut(folder: string): readonly string[] {
  const files = valuesOf('COPY').flatMap((value) => {
    const [source = '', ...more] = value.split(/\s+/)
    // What another stage has made: the packages.
    return source.startsWith('--') ? [] : [source, ...more.slice(0, -1)].flatMap(contextFiles)
  })
  for (const path of files) cpSync(join(root, path), join(folder, path))
  for (const name of installedPackages) {
    const place = join(folder, 'node_modules', name)
    mkdirSync(dirname(place), { recursive: true })
    symlinkSync(join(root, 'node_modules', name), place)
  }
  return files
}

/** The files of `src` that the program loads, now or later, beginning with `entry`, and the packages that they name. */
export function reachable(entry: string): {
  readonly files: ReadonlySet<string>
  readonly packages: ReadonlySet<string>
} {
  const files = new Set<string>()
  const packages = new Set<string>()
  const visit = (path: string) => {
    if (files.has(path)) return
    files.add(path)
    for (const [, name = ''] of read(path).matchAll(/(?:\bfrom |\bimport\(|^import |new URL\()'([^']+)'/gm)) {
      if (name.endsWith('.ts')) visit(join(dirname(path), name))
      else if (!/^[./]|^node:/.test(name))
        packages.add(
          name
            .split('/')
            .slice(0, name.startsWith('@') ? 2 : 1)
            .join('/'),
        )
    }
  }
  visit(entry)
  return { files, packages }
}
