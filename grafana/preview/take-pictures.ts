import { ensureChromium } from '../../test/support/browser/ensure-chromium.ts'
import { launchBrowser } from '../../test/support/browser/launch.ts'
import { newWork } from '../../test/support/testbed/work.ts'

/** Takes a picture of each page, whole, into the file that it is for. */
export async function takePictures(pages: ReadonlyMap<string, string>, width: number): Promise<void> {
  const browser = await launchBrowser(await ensureChromium(newWork(console.log)))
  try {
    for (const [path, html] of pages) {
      const page = await browser.newPage({ viewport: { width, height: 800 } })
      await page.setContent(html)
      await page.screenshot({ path, fullPage: true })
      await page.close()
    }
  } finally {
    await browser.close()
  }
}
