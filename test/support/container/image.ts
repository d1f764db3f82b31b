import { cpSync, globSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join, matchesGlob } from 'node:path'

const root = join(import.meta.dirname, '../../..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')

interface Locked {
  readonly dev?: boolean
  readonly optional?: boolean
  readonly devOptional?: boolean
}

/** One instruction of a stage of the Dockerfile: `USER node` is `['USER', 'node']`. */
type Instruction = readonly [name: string, value: string]

interface Stage {
  /** The image or the stage that it begins with. */
  readonly base: string
  readonly instructions: readonly Instruction[]
}

/** The stages of the Dockerfile by their names; the last one, which is built without `--target`, has none. */
const stages: ReadonlyMap<string, Stage> = new Map(
  read('Dockerfile')
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll('\\\n', ' ')
    .split(/^FROM /m)
    .slice(1)
    .map((text) => {
      const [head = '', ...lines] = text.split('\n')
      const [base = '', , name = ''] = head.split(/\s+/)
      const instructions = lines.flatMap((line) => {
        const [, name, value] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? []
        return name === undefined || value === undefined ? [] : [[name, value] as const]
      })
      return [name, { base, instructions }] as const
    }),
)

/** The instructions of a stage, those of the stages that it begins with first. Default: what is built without `--target`. */
function instructions(name = ''): readonly Instruction[] {
  const stage = stages.get(name)
  return stage === undefined ? [] : [...instructions(stage.base), ...stage.instructions]
}

export const valuesOf = (name: string, stage?: string) =>
  instructions(stage)
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

/** The files of the repository in a stage: copied from the build context or from another stage, and not removed. */
export function filesIn(stage?: string): readonly string[] {
  const files = new Set<string>()
  for (const [name, value] of instructions(stage)) {
    const words = value.split(/\s+/)
    if (name === 'COPY') for (const path of copiedBy(words)) files.add(path)
    if (name === 'RUN' && value.startsWith('rm -r ')) {
      const isRemoved = (path: string) => words.slice(2).some((gone) => `${path}/`.startsWith(`${gone}/`))
      for (const path of [...files].filter(isRemoved)) files.delete(path)
    }
  }
  return [...files]
}

/** `words`: what follows `COPY`. */
function copiedBy(words: readonly string[]): readonly string[] {
  const [, from] = /^--from=(.+)$/.exec(words[0] ?? '') ?? []
  if (from === undefined) return words.slice(0, -1).flatMap(contextFiles)
  const sources = words.slice(1, -1)
  return filesIn(from).filter((path) => sources.some((source) => `/app/${path}`.startsWith(`${source}/`)))
}

/** Lays out in `folder` what a stage has, packages included. Answers the files of the repository among them. */
export function layOut(folder: string, stage?: string): readonly string[] {
  const files = filesIn(stage)
  for (const path of files) cpSync(join(root, path), join(folder, path))
  for (const name of installedPackages) {
    const place = join(folder, 'node_modules', name)
    mkdirSync(dirname(place), { recursive: true })
    symlinkSync(join(root, 'node_modules', name), place)
  }
  return files
}

/**
 * The files of `src` that the program loads, now or later, beginning with `entry`, and the packages that they name. `isLeftOut`: whether a
 * file is not looked into.
 */
export function reachable(
  entry: string,
  isLeftOut: (path: string) => boolean = () => false,
): {
  readonly files: ReadonlySet<string>
  readonly packages: ReadonlySet<string>
} {
  const files = new Set<string>()
  const packages = new Set<string>()
  const visit = (path: string) => {
    if (files.has(path) || isLeftOut(path)) return
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
