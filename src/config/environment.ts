import type { Environment } from './load.ts'

/** The environment of this process. Only this file reads it. */
export const environment: Environment = process.env
