import { all } from './clean-up.ts'
import type { JoinedEngine } from './engine.ts'
import { repository, type Work } from './work.ts'

/** The project's own images, as the stack file asks for them. */
export type BuiltImages = { readonly AUTOSCALER_IMAGE: string; readonly WEB_IMAGE: string }

/** Builds the real Dockerfiles, under tags of their own: an image of the user's stays what it is. */
export async function buildImages(engine: JoinedEngine, work: Work): Promise<BuiltImages> {
  const tag = `testbed-${engine.id.toLowerCase()}`
  const images = { AUTOSCALER_IMAGE: `swarm-autoscaler:${tag}`, WEB_IMAGE: `swarm-autoscaler-web:${tag}` }
  const options = { cwd: repository, timeoutMs: 1_200_000, signal: work.signal }
  // A private engine has no bridge network for builds.
  const network = engine.kind === 'private' ? ['--network=host'] : []
  const build = (dockerfile: string, image: string, context: string) =>
    work.step(`images: building ${dockerfile}`, () => {
      const attempt = () => engine.docker(['build', '-q', ...network, '-t', image, context], options)
      // npm's registry may be away for a moment.
      return attempt().catch((error: unknown) => {
        work.signal.throwIfAborted()
        work.log(`images: ${dockerfile} could not be built, once more: ${error}`)
        return attempt()
      })
    })
  await all([
    build('Dockerfile', images.AUTOSCALER_IMAGE, '.'),
    build('examples/web/Dockerfile', images.WEB_IMAGE, 'examples/web'),
  ])
  return images
}
