/**
 * Serves the status page in a made-up world on 127.0.0.1, for a look at it: `npm run preview:page`, or with
 * `-- --screenshots FOLDER` writes pictures of it and ends.
 */
import { mkdirSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { listen } from '../../../src/receiver/listen.ts'
import { ensureChromium } from '../browser/ensure-chromium.ts'
import { newWork } from '../testbed/work.ts'
import { previewApp } from './preview-app.ts'
import { takeScreenshots } from './screenshots.ts'

const { values } = parseArgs({
  options: { port: { type: 'string', default: '9096' }, screenshots: { type: 'string' } },
})
const { screenshots: folder, port } = values
const { app, tick } = await previewApp(Date.now())
// What happens within a minute shows as well.
for (let seconds = 0; seconds < 40; seconds++) await tick()
const listening = await listen(app, '127.0.0.1', folder === undefined ? Number(port) : 0)
const url = `http://127.0.0.1:${listening.port}/`

if (folder === undefined) {
  console.log(`the status page in a made-up world: ${url}`)
  setInterval(tick, 1_000)
} else {
  mkdirSync(folder, { recursive: true })
  const chromium = await ensureChromium(newWork((line) => console.log(line)))
  for (const file of await takeScreenshots(chromium, url, folder)) console.log(file)
  await listening.close(0)
}
