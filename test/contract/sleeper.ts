import { foreignImages } from '../support/testbed/image-names.ts'

/** The spec of a service whose tasks start at once and do nothing, from an image that the engine has. */
export function aSleeper() {
  const image = foreignImages().get('node')
  return {
    TaskTemplate: {
      ContainerSpec: { Image: image, Command: ['sleep', '3600'], StopGracePeriod: 0, Init: true },
    },
  }
}
