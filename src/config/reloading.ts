import { SettingsError } from './load.ts'

/** What a file has now, ready for use, or the faults that keep it from being used. */
export type Reloaded =
  /** `use` replaces the current content. It never throws. */
  | { readonly kind: 'valid'; readonly use: () => void }
  | { readonly kind: 'invalid'; readonly faults: readonly string[] }

/** Holds the content of files, and can read them again. */
export interface Reloadable {
  /** Never throws. */
  readonly read: () => Reloaded
}

/** Reads all files again, and returns the faults of all of them. If there is any, every file keeps its current content. Never throws. */
export function reloadAll(stores: readonly Reloadable[]): readonly string[] {
  const results = stores.map((store) => store.read())
  const faults = results.flatMap((result) => (result.kind === 'invalid' ? result.faults : []))
  if (faults.length > 0) return faults
  for (const result of results) if (result.kind === 'valid') result.use()
  return []
}

/** Reads all files for the first time. Throws `SettingsError` with the faults of all of them. */
export function loadAll(stores: readonly Reloadable[]): void {
  const faults = reloadAll(stores)
  if (faults.length > 0) throw new SettingsError(faults)
}
