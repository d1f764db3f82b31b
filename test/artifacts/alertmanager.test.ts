import { expect, it } from 'vitest'
import { describeWithTools } from '../support/tools/describe-with-tools.ts'
import { runTool } from '../support/tools/run-tool.ts'
import { ALERTMANAGER_CONFIG } from './shipped-files.ts'

await describeWithTools('the shipped Alertmanager configuration', ({ amtool }) => {
  it('loads', async () => {
    const { exitCode, output } = await runTool(amtool, ['check-config', ALERTMANAGER_CONFIG])
    expect(exitCode, output).toBe(0)
  })

  it.each([
    ['up', 'swarm-autoscaler', ['alertname=SwarmServiceNeedsMoreReplicas', 'service=web', 'scale=up']],
    ['down', 'swarm-autoscaler', ['alertname=SwarmServiceNeedsFewerReplicas', 'service=web', 'scale=down']],
    ['to', 'swarm-autoscaler', ['alertname=Custom', 'service=web', 'scale=to']],
    ['an alert of the older docker-scaler', 'swarm-autoscaler', ['service=web', 'scale=up', 'severity=page']],
    ['an alert about something else', 'nobody', ['alertname=DiskFull', 'service=web', 'severity=page']],
    ['an unknown direction', 'nobody', ['service=web', 'scale=upwards']],
    ['a step', 'swarm-autoscaler', ['alertname=SwarmServiceIsSlow', 'service=web', 'scale=up']],
    ['an alert about the autoscaler', 'operators', ['alertname=SwarmAutoscalerDown', 'severity=critical']],
    [
      'an alert about a service',
      'operators',
      ['alertname=SwarmCapacityExhausted', 'service=web', 'severity=warning'],
    ],
    [
      'an alert for when there is time',
      'operators',
      ['alertname=SwarmServiceFlapping', 'service=web', 'severity=info'],
    ],
  ])('routes %s to %s', async (_what, receiver, labels) => {
    const { exitCode, output } = await runTool(amtool, [
      'config',
      'routes',
      'test',
      `--config.file=${ALERTMANAGER_CONFIG}`,
      `--verify.receivers=${receiver}`,
      ...labels,
    ])
    expect(exitCode, output).toBe(0)
  })
})
