import { join } from 'node:path'
import { launchBrowser } from '../browser/launch.ts'

const sizes = {
  '': { width: 1280, height: 1000 },
  '-phone': { width: 390, height: 844 },
} as const

/** Pictures of the page in light and dark, on a wide screen and on a phone. Resolves with the files. */
export async function takeScreenshots(
  chromium: string,
  url: string,
  folder: string,
): Promise<readonly string[]> {
  const browser = await launchBrowser(chromium)
  const files: string[] = []
  try {
    for (const [suffix, viewport] of Object.entries(sizes)) {
      for (const colorScheme of ['light', 'dark'] as const) {
        const page = await browser.newPage({
          viewport,
          colorScheme,
          deviceScaleFactor: suffix === '' ? 1 : 2,
        })
        await page.goto(url)
        const path = join(folder, `page-${colorScheme}${suffix}.png`)
        await page.screenshot({ path })
        files.push(path)
        await page.close()
      }
    }
  } finally {
    await browser.close()
  }
  return files
}
