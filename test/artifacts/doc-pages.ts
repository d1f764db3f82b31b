import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')

/** A page that people read: its path from the root of the repository, and its text. */
export interface DocPage {
  readonly path: string
  readonly text: string
}

/** A link of a page to another place of the repository. */
export interface DocLink {
  readonly from: string
  /** The file that it leads to, from the root of the repository. */
  readonly path: string
  /** The heading within it, as GitHub makes it an anchor. Absent: the whole file. */
  readonly anchor?: string
}

export const docPages: readonly DocPage[] = ['*.md', 'bench/*.md', 'docs/**/*.md', '.github/**/*.md']
  .flatMap((pattern) => globSync(pattern, { cwd: ROOT }))
  .toSorted()
  .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }))

export function docPage(path: string): DocPage {
  const page = docPages.find((one) => one.path === path)
  if (page === undefined) throw new Error(`there is no page ${path}`)
  return page
}

export function isInRepository(path: string): boolean {
  return existsSync(join(ROOT, path))
}

/** All links that lead neither to the web nor to a mail address. */
export function linksOf({ path: from, text }: DocPage): readonly DocLink[] {
  const targets = [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target)
  return targets
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [file = '', anchor] = target.split('#')
      const path = file === '' ? from : relative(ROOT, join(ROOT, dirname(from), file))
      return { from, path, ...(anchor === undefined ? {} : { anchor }) }
    })
}

/** The anchors that GitHub gives to the headings of a page. */
export function anchorsOf({ text }: DocPage): ReadonlySet<string> {
  const seen = new Map<string, number>()
  const anchors = [...withoutFences(text).matchAll(/^#{1,6} +(.*)$/gm)].map(([, heading = '']) => {
    const slug = slugOf(heading)
    const times = seen.get(slug) ?? 0
    seen.set(slug, times + 1)
    return times === 0 ? slug : `${slug}-${times}`
  })
  return new Set(anchors)
}

/** Lines of code: those between fences, lines that go on joined, and each span within the text. */
export function codeOf({ text }: DocPage): readonly string[] {
  const fenced = [...text.matchAll(/^ *```\w*\n([\s\S]*?)^ *```$/gm)].flatMap(([, block = '']) =>
    block.replaceAll(/\\\n\s*/g, '').split('\n'),
  )
  const spans = [...withoutFences(text).matchAll(/`([^`]+)`/g)].map(([, span = '']) => span)
  return [...fenced, ...spans.map((span) => span.replaceAll('\n', ' '))]
}

/** The code of the blocks in this language, in the order of the page. */
export function blocksOf({ text }: DocPage, language: string): readonly string[] {
  const fence = new RegExp(`^( *)\`\`\`${language}\\n([\\s\\S]*?)^ *\`\`\`$`, 'gm')
  return [...text.matchAll(fence)].map(([, indent = '', block = '']) =>
    block.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  )
}

function withoutFences(text: string): string {
  return text.replaceAll(/^ *```\w*\n[\s\S]*?^ *```$/gm, '')
}

function withoutCode(text: string): string {
  return withoutFences(text).replaceAll(/`[^`\n]+`/g, (span) => span.replaceAll(/[[\]()]/g, ' '))
}

function slugOf(heading: string): string {
  return heading
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
    .replaceAll(' ', '-')
}
