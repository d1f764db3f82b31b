/**
 * Takes from package-lock.json the mark of those packages that would run a script when they are installed, but for the one that
 * brings Node.js: npm runs no script of a package without that mark. What these scripts do (native code for SSH, a check of versions)
 * nothing here needs, and on a machine on which the new Node.js cannot start yet they would end `npm ci`.
 *
 * Takes the range of Node.js versions (`engines`) from optional packages: npm silently leaves out one that does not suit the Node.js
 * that runs npm, such as Debian 12's, although the new Node.js is what uses it. Native parts of the tools are such packages.
 *
 * Takes out the native parts of ssh2, which are optional. The client of Docker loads ssh2 for `ssh://` addresses only, which are not
 * supported here.
 *
 * `npm run lock` brings the file up to date with package.json, and then does this.
 */
import { readFileSync, writeFileSync } from 'node:fs'

interface Entry {
  hasInstallScript?: true
  optional?: true
  engines?: unknown
  optionalDependencies?: unknown
}

const nativeParts = ['cpu-features', 'buildcheck', 'nan']

const path = new URL('../package-lock.json', import.meta.url)
const lock = JSON.parse(readFileSync(path, 'utf8'))
for (const [place, entry] of Object.entries<Entry>(lock.packages)) {
  if (place !== 'node_modules/node' && place !== '') delete entry.hasInstallScript
  if (entry.optional === true) delete entry.engines
  if (place === 'node_modules/ssh2') delete entry.optionalDependencies
}
for (const name of nativeParts) delete lock.packages[`node_modules/${name}`]
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`)
