import { appendFileSync } from 'node:fs'
import { registerHooks } from 'node:module'

/** Preloaded into a process by `--import`: appends the address of each module that it loads to the file that `LOADED_MODULES` names. */
const file = process.env['LOADED_MODULES'] ?? ''

registerHooks({
  load: (url, context, nextLoad) => {
    appendFileSync(file, `${url}\n`)
    return nextLoad(url, context)
  },
})
