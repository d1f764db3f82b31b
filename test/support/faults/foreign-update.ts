import { engine } from '../testbed/describe-with-engine.ts'
import { SomebodyElse, type Touch } from './somebody-else.ts'

const somebody = new SomebodyElse(engine.dockerHost)

/** Updates the service as somebody else would, on the engine of the test run. */
export const updateForeign = (id: string, touch: Touch): Promise<void> => somebody.update(id, touch)

export const labelsOf = (id: string): Promise<Readonly<Record<string, string>>> => somebody.labelsOf(id)
