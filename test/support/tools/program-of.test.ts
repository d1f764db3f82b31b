import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { programOf } from './program-of.ts'

function aFile(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'program-of-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'tool')
  writeFileSync(file, text)
  return file
}

it.each([
  ['a program is itself', '\x7fELF exec /no "$@"\n', undefined],
  ['a script that hands nothing on is itself', '#!/bin/sh\necho "$@"\n', undefined],
  [
    'a script that starts a program',
    '#!/bin/sh\nexec /opt/am/bin/alertmanager "$@"\n',
    '/opt/am/bin/alertmanager',
  ],
  [
    'a script that starts it with a loader',
    '#!/bin/sh\nexec /root/lib64/ld.so --library-path /root/usr/lib /root/usr/bin/alertmanager "$@"\n',
    '/root/usr/bin/alertmanager',
  ],
  [
    'a script whose paths stand in quotes',
    "#!/bin/sh\nexec '/a b/ld.so' '--library-path' '/a b/lib' '/a b/usr/bin/alertmanager' \"$@\"\n",
    '/a b/usr/bin/alertmanager',
  ],
])('%s', (_, text, program) => {
  const file = aFile(text)
  expect(programOf(file)).toBe(program ?? file)
})

it('a link leads to its program', () => {
  const file = aFile('\x7fELF')
  const link = `${file}-link`
  symlinkSync(file, link)
  expect(programOf(link)).toBe(file)
})
