import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bannedWords } from './banned-words.ts'
import { describeFound, findWords, toRegExp } from './find-words.ts'
import { notYetRewritten } from './not-yet-rewritten.ts'
import { ROOT, textFiles } from './text-files.ts'

const found = (path: string) => findWords(path, readFileSync(join(ROOT, path), 'utf8')).map(describeFound)
const inText = (path: string, text: string) => findWords(path, text).map(describeFound)

describe('text that users read', () => {
  const files = textFiles()

  it('is found', () => {
    expect(files).toEqual(expect.arrayContaining(['README.md', 'docs/labels.md', 'src/config/settings.ts']))
    expect(files).toEqual(expect.arrayContaining(['prometheus/rules/health.yml', 'grafana/overview.ts']))
  })

  it('has no banned word', () => {
    expect(files.filter((path) => !notYetRewritten.has(path)).flatMap(found)).toEqual([])
  })

  it('is taken from the list of files not yet rewritten once it is', () => {
    expect([...notYetRewritten].filter((path) => !files.includes(path) || found(path).length === 0)).toEqual(
      [],
    )
  })
})

describe('a banned word', () => {
  it.each(bannedWords)('is found in "$example"', (word) => {
    expect(word.example).toMatch(toRegExp(word))
  })

  it.each([
    ['a question', 'Where is it, and why?'],
    ['a heading', '# Where the load comes from\n\n- Prometheus, or a file.'],
    ['a middle of a sentence', 'A page that says where, when and why.'],
    ['another word', 'It takes place on standard hardware, among newsletters and recorders.'],
    ['a signal', 'Each signal is a recording rule: cpu, requests, queue.'],
    ['a name', 'The maximum within the look-ahead, and each look-ahead has a line.'],
  ])('is not found in %s', (_, text) => {
    expect(inText('page.md', text)).toEqual([])
  })

  it('is reported with its line and what to write', () => {
    expect(inText('page.md', 'One.\n\nAn alert that\nis told.')).toEqual([
      'page.md:4: "told": write reported, logged',
    ])
  })

  it('is found over the end of a line, and in a fenced block', () => {
    expect(inText('page.md', 'for so\nmany replicas')).toHaveLength(1)
    expect(inText('page.md', '```\n# left alone\n```')).toHaveLength(1)
  })

  it('may be the name of something, as code and in a link', () => {
    expect(inText('page.md', 'The label `told` is [here](stands.md#the-record).')).toEqual([])
  })

  it.each([
    ["log.warn('no news, it is told')", 2],
    ['const page = html`<p class="told so">it stands</p>`', 1],
    [`const nested = \`\${alone ? \`and is \${x} told\` : "told of it"}, in force\``, 3],
    [`const list = \`\${list.map((one) => { return { one } }).join(" told ")} and told\``, 2],
    ["const path = import('./told.ts') // it is told", 0],
    ['/* it is told */ const quote = /["\']/.test(told) // and told', 0],
    ['const kind = "told"', 0],
  ])('is found in the literals of %s', (code, times) => {
    expect(inText('code.ts', code)).toHaveLength(times)
  })
})
