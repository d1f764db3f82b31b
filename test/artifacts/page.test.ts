import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { eventKinds } from '../../src/domain/event.ts'
import { readQuery, spans } from '../../src/receiver/page/query.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const page = readFileSync(`${root}/docs/page.md`, 'utf8')
const assets = `${root}/src/receiver/page/assets`

describe('docs/page.md', () => {
  it('shows pictures that are there, and light enough to be kept', () => {
    const shown = [...page.matchAll(/\]\((images\/[^)]+)\)/g)].map(([, path]) => path ?? '')
    expect(shown.toSorted()).toEqual(
      readdirSync(`${root}/docs/images`)
        .filter((name) => name.startsWith('page-'))
        .map((name) => `images/${name}`)
        .toSorted(),
    )
    for (const path of shown) expect(statSync(`${root}/docs/${path}`).size, path).toBeLessThan(300_000)
  })

  it('names every parameter that is read, and each of their values', () => {
    const rows = [...page.matchAll(/^\| (`\w+`(?:, `\w+`)*) \|/gm)].flatMap(
      ([, names = '']) => names.match(/\w+/g) ?? [],
    )
    const faults = (name: string) => readQuery({ [name]: ['a', 'b'] })
    for (const name of rows) expect(faults(name), name).toHaveProperty('faults')
    expect(rows).toHaveLength(8)
    for (const value of [...eventKinds, ...Object.keys(spans)]) expect(page).toContain(`\`${value}\``)
  })
})

describe('the files of the page', () => {
  it('are all sent: none lies about that the page does not have', () => {
    const source = readFileSync(`${root}/src/receiver/page/assets.ts`, 'utf8')
    for (const file of readdirSync(assets, { recursive: true, encoding: 'utf8' })) {
      if (statSync(`${assets}/${file}`).isDirectory()) continue
      expect(source, file).toContain(`'${file.replace(/^css\/|\.css$/g, '')}'`)
    }
  })

  it('get into the image: the Dockerfile copies all of src, and nothing leaves them out', () => {
    expect(readFileSync(`${root}/Dockerfile`, 'utf8')).toContain('COPY src ./src')
    const ignored = readFileSync(`${root}/.dockerignore`, 'utf8').split('\n')
    expect(ignored).toContain('!src')
    expect(ignored.filter((line) => /css|svg|js$|assets/.test(line))).toEqual([])
    expect(existsSync(`${assets}/page.js`)).toBe(true)
  })

  it('ask nobody else for anything', () => {
    for (const file of readdirSync(assets, { recursive: true, encoding: 'utf8' })) {
      if (!/\.(css|js)$/.test(file)) continue
      expect(readFileSync(`${assets}/${file}`, 'utf8'), file).not.toMatch(/https?:|@import|url\(/)
    }
  })
})
