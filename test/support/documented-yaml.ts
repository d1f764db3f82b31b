import { parse } from 'yaml'

export type Yaml = Record<string, unknown>

/** The YAML blocks of a page for one file: their first line names it. */
export function blocksOf(page: string, file: string): readonly Yaml[] {
  const blocks = [...page.matchAll(/^( *)```yaml\n([\s\S]*?)^ *```$/gm)].map(([, , text = '']) => text)
  return blocks.filter((text) => text.trim().startsWith(`# ${file}\n`)).map((text) => parse(text) as Yaml)
}

/** Merges a block into a file as the pages say: lists go at the end, but routes go first. */
export function merge(into: unknown, block: unknown, key = ''): unknown {
  if (Array.isArray(into) && Array.isArray(block)) {
    return key === 'routes' ? [...block, ...into] : [...into, ...block]
  }
  if (!isMapping(into) || !isMapping(block)) return block
  const merged = Object.entries(block).map(([name, value]) => [
    name,
    name in into ? merge(into[name], value, name) : value,
  ])
  return { ...into, ...Object.fromEntries(merged) }
}

const isMapping = (value: unknown): value is Yaml =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
