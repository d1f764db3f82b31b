import type { ServiceViews } from '../ports.ts'

/** The name to ask the history for: it knows services by name only, removed ones too. An ID is looked up among the current services. */
export function nameOf(nameOrId: string, services: Pick<ServiceViews, 'statuses'>): string {
  const all = services.statuses().map(({ service }) => service)
  if (all.some(({ name }) => name === nameOrId)) return nameOrId
  return all.find(({ id }) => id === nameOrId)?.name ?? nameOrId
}
