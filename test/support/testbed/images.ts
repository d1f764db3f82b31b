import type { Docker } from './docker.ts'
import { foreignImages } from './image-names.ts'
import { CommandFailed } from './processes.ts'
import type { Work } from './work.ts'

async function isPresent(docker: Docker, image: string): Promise<boolean> {
  return docker(['image', 'inspect', image]).then(
    () => true,
    () => false,
  )
}

/**
 * Pulls what the engine lacks of the images that the stack needs. The first, smallest one has 10 s: where no registry answers,
 * that is soon known. Gives the reason when it cannot.
 */
export async function pullImages(
  docker: Docker,
  work: Work,
): Promise<'pulled' | { readonly reason: string }> {
  let timeoutMs = 10_000
  for (const image of foreignImages().values()) {
    try {
      if (!(await isPresent(docker, image))) {
        await work.step(`images: pulling ${image}`, () =>
          docker(['pull', '-q', image], { timeoutMs, signal: work.signal }),
        )
      }
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error
      return { reason: `${image} cannot be pulled: ${error.message.split('\n').at(-1)}` }
    }
    timeoutMs = 600_000
  }
  return 'pulled'
}
