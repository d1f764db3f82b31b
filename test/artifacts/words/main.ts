import { readFileSync } from 'node:fs'
import { describeFound, findWords } from './find-words.ts'
import { textFiles } from './text-files.ts'

/** `npm run words -- FILE…` lists the banned words of these files; without one, of all that users read. */
const files = process.argv.slice(2)
const found = (files.length > 0 ? files : textFiles()).flatMap((path) =>
  findWords(path, readFileSync(path, 'utf8')),
)
process.stdout.write(found.map((one) => `${describeFound(one)}\n`).join(''))
process.exitCode = found.length > 0 ? 1 : 0
