import { engine } from '../testbed/describe-with-engine.ts'
import { ExternalClient, type Touch } from './external-client.ts'

const external = new ExternalClient(engine.dockerHost)

/** Updates the service from outside, on the engine of the test run. */
export const updateForeign = (id: string, touch: Touch): Promise<void> => external.update(id, touch)

export const labelsOf = (id: string): Promise<Readonly<Record<string, string>>> => external.labelsOf(id)
