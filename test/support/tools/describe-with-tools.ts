import { describe, it } from 'vitest'
import { type PrometheusTools, prometheusTools } from './prometheus-tools.ts'

/**
 * A block of tests that need promtool, amtool or Alertmanager. Where they cannot be had, the block is skipped and the console says what to
 * install; with CI=true that is a failure instead, because a check that nobody runs is none.
 */
export async function describeWithTools(
  title: string,
  define: (tools: PrometheusTools) => void,
): Promise<void> {
  const tools = await prometheusTools().catch((error: unknown) => {
    if (process.env['CI'] === 'true') throw error
    console.warn(`SKIPPED: ${title}. ${error instanceof Error ? error.message : String(error)}`)
    return undefined
  })
  if (tools === undefined)
    describe.skip(title, () => it('needs promtool, amtool and alertmanager', () => undefined))
  else describe(title, () => define(tools))
}
