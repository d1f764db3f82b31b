import type { Environment } from './load.ts'

/** The environment of this process. Nobody else reads it. */
export const environment: Environment = process.env
