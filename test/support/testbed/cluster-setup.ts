import type { TestProject } from 'vitest/node'
import { type ClusterAddress, openCluster } from './cluster.ts'

declare module 'vitest' {
  interface ProvidedContext {
    cluster: ClusterAddress
  }
}

/** One cluster for all cluster tests. Where it cannot be had they fail: they are run by a command of their own, on purpose. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { address, close } = await openCluster({ log: (line) => console.log(line) })
  project.provide('cluster', address)
  return close
}
