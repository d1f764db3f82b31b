import { type Docker, withSuiteDocker } from './docker.ts'
import { foreignImages } from './image-names.ts'
import { CommandFailed, run } from './processes.ts'
import { makeStandIns } from './stand-ins.ts'
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

/** Has a private engine get what the stack needs: pulled, or stand-ins made in `directory` where that is not possible. */
export async function getImages(docker: Docker, directory: string, work: Work): Promise<void> {
  const images = await pullImages(docker, work)
  if (images === 'pulled') return
  work.log(`images: stand-ins, since ${images.reason}`)
  await makeStandIns(docker, directory, work)
}

/** Copies images from one engine to another, all in one stream: what they share goes over once. */
export async function copyImages(
  from: string,
  to: string,
  images: readonly string[],
  work: Work,
): Promise<void> {
  const pipe = 'from=$1 to=$2; shift 2; docker -H "$from" save "$@" | docker -H "$to" load --quiet'
  await run('bash', ['-o', 'pipefail', '-c', pipe, 'bash', from, to, ...images], {
    env: withSuiteDocker(),
    timeoutMs: 600_000,
    signal: work.signal,
  })
}
