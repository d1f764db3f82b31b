import { SettingsError } from './load.ts'

/** What files say now and is not in force yet, or why it is refused. */
export type Reading =
  | { readonly kind: 'good'; readonly putInForce: () => void }
  | { readonly kind: 'refused'; readonly faults: readonly string[] }

/** Holds what files say, and can read them again. */
export interface Reloadable {
  /** Never throws. */
  readonly read: () => Reading
}

/** Reads all files again. Answers what is wrong with any of them: then all that was in force stays so. Never throws. */
export function reloadAll(stores: readonly Reloadable[]): readonly string[] {
  const readings = stores.map((store) => store.read())
  const faults = readings.flatMap((reading) => (reading.kind === 'refused' ? reading.faults : []))
  if (faults.length > 0) return faults
  for (const reading of readings) if (reading.kind === 'good') reading.putInForce()
  return []
}

/** Reads all files for the first time, when there is nothing yet to keep. Throws `SettingsError` with the faults of all of them. */
export function loadAll(stores: readonly Reloadable[]): void {
  const faults = reloadAll(stores)
  if (faults.length > 0) throw new SettingsError(faults)
}
