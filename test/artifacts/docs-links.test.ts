import { describe, expect, it } from 'vitest'
import { anchorsOf, docPage, docPages, isInRepository, linksOf } from './doc-pages.ts'

const links = docPages.flatMap(linksOf)

describe('a link between pages', () => {
  it('leads to a file that is there', () => {
    expect(links.length).toBeGreaterThan(200)
    expect(links.filter(({ path }) => !isInRepository(path))).toEqual([])
  })

  it('leads to a heading that is there', () => {
    const toHeadings = links.filter(({ anchor, path }) => anchor !== undefined && path.endsWith('.md'))
    expect(toHeadings.length).toBeGreaterThan(50)
    const broken = toHeadings.filter(({ path, anchor = '' }) => !anchorsOf(docPage(path)).has(anchor))
    expect(broken).toEqual([])
  })
})

describe('the index, docs/README.md', () => {
  it('names every page of docs', () => {
    const pages = docPages
      .map(({ path }) => path)
      .filter((path) => /^docs\/(?:[^/]+|[^/]+\/README)\.md$/.test(path))
    const named = new Set(linksOf(docPage('docs/README.md')).map(({ path }) => path))
    expect(pages.filter((path) => path !== 'docs/README.md' && !named.has(path))).toEqual([])
  })
})
