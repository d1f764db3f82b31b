import type { ServiceViews } from '../ports.ts'

/** The history knows services by their names only, and so those that are gone: an ID is that of one that is there. */
export function nameOf(nameOrId: string, services: Pick<ServiceViews, 'statuses'>): string {
  const all = services.statuses().map(({ service }) => service)
  if (all.some(({ name }) => name === nameOrId)) return nameOrId
  return all.find(({ id }) => id === nameOrId)?.name ?? nameOrId
}
