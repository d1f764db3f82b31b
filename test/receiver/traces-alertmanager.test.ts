import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { ReceiverProcess } from '../support/receiver-process.ts'
import { waitFor } from '../support/testbed/wait.ts'
import { startCollector } from '../support/tools/collector.ts'
import { describeWithTools } from '../support/tools/describe-with-tools.ts'
import { runTool } from '../support/tools/run-tool.ts'
import { startAlertmanager } from '../support/tools/running-alertmanager.ts'

/** A folder of this test's own, with a configuration that posts everything to `webhook` at once. */
function aConfiguration(webhook: string, tracing: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'traces-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'alertmanager.yml')
  const head = 'route: {receiver: swarm-autoscaler, group_wait: 0s}'
  const receivers = `receivers: [{name: swarm-autoscaler, webhook_configs: [{url: "${webhook}"}]}]`
  writeFileSync(file, `${head}\n${receivers}\n${tracing}\n`)
  return file
}

await describeWithTools('the trace of a post of a real Alertmanager', ({ alertmanager, amtool }) => {
  it('is that of Alertmanager, whose span is the parent, where it makes any (0.30 and newer), and else a new one', async () => {
    const collector = await startCollector()
    onTestFinished(collector.stop)
    const receiver = await ReceiverProcess.start({
      dockerHost: 'unix:///nowhere/docker.sock',
      environment: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url },
    })
    onTestFinished(async () => {
      await receiver.stop()
    })
    const endpoint = collector.url.replace('http://', '')
    const tracing = `tracing: {client_type: http, endpoint: "${endpoint}", insecure: true, sampling_fraction: 1.0}`
    const traced = aConfiguration(`${receiver.url}/webhook`, tracing)
    const { exitCode } = await runTool(amtool, ['check-config', traced])
    const makesTraces = exitCode === 0
    const config = makesTraces ? traced : aConfiguration(`${receiver.url}/webhook`, '')

    const running = await startAlertmanager(alertmanager, config)
    const labels = { alertname: 'Up', service: 'web', scale: 'up' }
    const posted = await fetch(`${running.url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify([{ labels, annotations: { replicas: '3' } }]),
    })
    expect(posted.status).toBe(200)
    const answered = 'http_request_duration_seconds_count{method="POST",route="/webhook",code="503"}'
    await waitFor(() => receiver.metric(answered), {
      for: 'the post of Alertmanager',
      timeoutMs: 20_000,
      everyMs: 50,
    })
    await running.stop()
    await receiver.stop()

    const server = collector.spans().find(({ name }) => name === 'POST /webhook')
    expect(server?.attributes['user_agent.original']).toMatch(/^Alertmanager\//)
    expect(collector.resources()).toContainEqual(
      expect.objectContaining({ 'service.name': 'swarm-autoscaler' }),
    )
    const { traceId = '', parentSpanId = '' } = server ?? {}
    expect(parentSpanId !== '').toBe(makesTraces)
    expect(collector.hasBinary(traceId, parentSpanId)).toBe(makesTraces)
    const considered = collector.spans().find(({ name }) => name === 'consider')
    expect(considered).toMatchObject({ parentSpanId: server?.spanId, traceId })
  })
})
