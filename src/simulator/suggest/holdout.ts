import type { Scene } from '../scene.ts'

const day = 86_400
/** Share of the time that the search does not see. */
const heldOutShare = 0.3

/** A load in two parts: one to find a policy on, one to test it on. */
export interface Holdout {
  readonly training: Scene
  readonly heldOut: Scene
  /** Whole days held out; 0: the load is too short for whole days. */
  readonly heldOutDays: number
}

/** Holds out the last days, since a policy is for the days to come. */
export function splitScene(scene: Scene): Holdout {
  const days = Math.round(scene.load.length / day)
  const heldOutDays = days >= 3 ? Math.max(1, Math.round(days * heldOutShare)) : 0
  const share = Math.ceil(scene.load.length * (1 - heldOutShare))
  const cut = heldOutDays > 0 ? (days - heldOutDays) * day : share
  return {
    training: { ...scene, load: scene.load.subarray(0, cut) },
    heldOut: { ...scene, load: scene.load.subarray(cut), startMs: scene.startMs + cut * 1_000 },
    heldOutDays,
  }
}
