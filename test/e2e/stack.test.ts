import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { enoughAtHighLoad, hurriedDown, type LoopReport, lightLoad, runLoop } from '../support/demo/loop.ts'
import { summaryLines } from '../support/demo/print.ts'
import { aMessage, anAlert } from '../support/fakes/alertmanager-message.ts'
import { aSleepingService } from '../support/sleeping-service.ts'
import { Outcome } from '../support/story/story.ts'
import { describeWithEngine, stackEngine as engine } from '../support/testbed/describe-with-engine.ts'
import { deployStack, type Stack } from '../support/testbed/stack.ts'
import { waitFor } from '../support/testbed/wait.ts'
import { describeBacktest } from './backtested.ts'
import { describeDashboards } from './dashboards.ts'
import { describeKnownEvent } from './known-event.ts'
import { describeSignals, slowRequests } from './signals.ts'
import { describeVersions } from './versions.ts'

let stack: Stack
const loop = new Outcome<LoopReport>('the loop did not close')

beforeAll(async () => {
  const { labels } = hurriedDown.services.web.deploy
  const web = { deploy: { labels: { ...labels, 'autoscaler.target.requests': `${lightLoad.target}` } } }
  const overrides = { services: { web, load: { environment: slowRequests } } }
  stack = await deployStack(engine, { name: 'autoscaler', log: console.log, overrides })
})

afterAll(async () => {
  await stack?.close()
})

describeWithEngine('the stack, deployed as it ships', () => {
  it('closes the loop: load goes up and replicas follow, load stops and they go again', async () => {
    // However it ends, what comes next begins without load.
    onTestFinished(() => stack.setLoad(0))
    const report = loop.make(
      await runLoop(engine, stack, { load: lightLoad, onMoment: () => {}, onPhase: console.log }),
    )
    console.log(summaryLines(report).join('\n'))
    expect(report.highest).toBeGreaterThanOrEqual(enoughAtHighLoad)
    expect(report.highest).toBeLessThanOrEqual(10)
    expect(report.final).toBe(1)
    expect(report.loadAtMs).toBeLessThan(report.scrapedAtMs)
    expect(report.scrapedAtMs).toBeLessThanOrEqual(report.alertAtMs)
    expect(report.alertAtMs).toBeLessThan(report.appliedAtMs)
    const ofAlerts = report.scalings.map(({ alertName, reason }) => `${reason} ${alertName}`)
    expect(new Set(ofAlerts)).toEqual(
      new Set(['alert SwarmServiceNeedsMoreReplicas', 'alert SwarmServiceNeedsFewerReplicas']),
    )
  })

  it('has Prometheus read the receiver, and every rule evaluate', async () => {
    const up = await prometheus('query?query=up{job="swarm-autoscaler"}')
    expect(up.result).toMatchObject([{ value: [expect.any(Number), '1'] }])
    const { groups } = await prometheus('rules')
    const rules: { health: string; name: string }[] = groups.flatMap((group: { rules: [] }) => group.rules)
    expect(rules.length).toBeGreaterThan(5)
    expect(rules.filter(({ health }) => health !== 'ok')).toEqual([])
  })

  it('keeps the record of it on its volume', async (context) => {
    loop.of(context)
    const text = "SELECT count(*) AS scaled FROM events WHERE kind = 'scaled'"
    const open = "new (require('node:sqlite').DatabaseSync)('/data/history.db', { readOnly: true })"
    expect(
      Number(await insideReceiver(`console.log(${open}.prepare("${text}").get().scaled)`)),
    ).toBeGreaterThan(1)
  })

  it('runs the receiver without privileges, and lets it write to its volume alone', async () => {
    const script = `
      const { readFileSync, writeFileSync } = require('node:fs')
      const { spawnSync } = require('node:child_process')
      const status = Object.fromEntries(readFileSync('/proc/1/status', 'utf8').split('\\n').map((line) => line.split(/:\\s+/)))
      const isWritten = (path) => { try { writeFileSync(path + '/written', ''); return true } catch { return false } }
      const written = ['/', '/app', '/app/compiled', '/tmp', '/data'].filter(isWritten)
      const setuid = spawnSync('find', ['/usr', '/app', '-xdev', '-type', 'f', '-perm', '/6000']).stdout.toString()
      console.log(JSON.stringify({ uids: status.Uid, effective: status.CapEff, bounding: status.CapBnd, written, setuid }))`
    const none = '0000000000000000'
    expect(JSON.parse(await insideReceiver(script))).toEqual({
      uids: '1000\t1000\t1000\t1000',
      effective: none,
      bounding: none,
      written: ['/data'],
      setuid: '',
    })
  })

  it('lets the receiver do to Docker what it needs, and nothing else', async () => {
    const status = (path: string, method = 'GET') =>
      insideReceiver(
        `fetch('http://socket-proxy:2375${path}', { method: '${method}' }).then((r) => console.log(r.status))`,
      )
    expect(await status('/services')).toBe('200')
    expect(await status('/v1.41/services')).toBe('200')
    for (const path of ['/containers/json', '/secrets', '/swarm', '/services/x/logs'])
      expect(await status(path)).toBe('403')
    for (const path of [
      '/services/create',
      '/containers/create',
      '/swarm/leave',
      '/services/x/update/../../../build',
    ]) {
      expect(await status(path, 'POST')).toBe('403')
    }
    expect(await status('/services/x', 'DELETE')).toBe('405')
    const discovery = `fetch('http://discovery-proxy:2375/_ping').then(() => console.log('reached'), () => console.log('out of reach'))`
    expect(await insideReceiver(discovery)).toBe('out of reach')
  })
})

describeVersions(() => stack)

describeDashboards(() => stack, loop)

describeBacktest(loop)

describeKnownEvent(() => stack)

describeWithEngine('one step', () => {
  it('comes of ten alerts at once, delivered five times at once', async () => {
    const { name, replicas } = await aService('ten-alerts', 2)
    const alerts = Array.from({ length: 10 }, (_, n) =>
      anAlert({ service: name, step: '1', fingerprint: `alert ${n}` }),
    )
    const answers = await Promise.all(Array.from({ length: 5 }, () => post(...alerts)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    expect(await replicas()).toBe(3)
  })

  it('comes of an alert that is posted to the receiver and again to its successor', async () => {
    const { name, replicas } = await aService('successor', 2)
    const alert = anAlert({ service: name, step: '1' })
    expect((await post(alert)).results).toMatchObject([
      { decision: 'scale', reason: 'alert', from: 2, to: 3 },
    ])
    await replaceReceiver()
    expect((await post(alert)).results).toMatchObject([
      { decision: 'hold', reason: 'cooldown', from: 3, to: 3 },
    ])
    expect(await replicas()).toBe(3)
    const log = await engine.docker(['service', 'logs', '--raw', `${stack.name}_receiver`])
    expect(log).toContain('"msg":"stopped"')
  })
})

describeWithEngine('a receiver that has just started', () => {
  it('knows at once what stands in Alertmanager', async () => {
    const { name, replicas } = await aService('standing', 2)
    const labels = { alertname: 'ServiceStatus', service: name, scale: 'up' }
    const standing = await fetch(`${stack.urls.alertmanager}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify([{ labels, annotations: { step: '1' } }]),
    })
    expect(standing.status).toBe(200)
    await waitFor(async () => ((await replicas()) === 3 ? true : undefined), {
      for: 'the step that the alert asks for',
      timeoutMs: 30_000,
    })
    await replaceReceiver()
    // The receivers before it may have told of none.
    const told = /"alerts":[1-9]\d*,"msg":"active alerts read from Alertmanager"/
    await waitFor(async () => (told.test(await receiverLog('1m')) ? true : undefined), {
      for: 'the receiver to tell of standing alerts',
      timeoutMs: 30_000,
    })
    expect(await replicas()).toBe(3)
  })
})

describeWithEngine('labels', () => {
  it('open a window that raises a service without any alert', async () => {
    const window = ['start=* * * * *', 'duration=1h', 'min=4'].map((label) => `schedule.now.${label}`)
    const { replicas } = await aService('window', 2, window)
    await waitFor(async () => ((await replicas()) === 4 ? true : undefined), {
      for: 'the floor of the window',
      timeoutMs: 30_000,
    })
  })

  it('pause a service, and what was held is done when the pause ends, without another post', async () => {
    const { name, replicas } = await aService('paused', 2, ['pause=true'])
    expect((await post(anAlert({ service: name, replicas: '3' }))).results).toMatchObject([
      { decision: 'hold', reason: 'paused', from: 2, to: 2 },
    ])
    await engine.docker(['service', 'update', '--quiet', '--detach', '--label-rm', 'autoscaler.pause', name])
    await waitFor(async () => ((await replicas()) === 3 ? true : undefined), {
      for: 'what the pause had held',
      timeoutMs: 30_000,
    })
  })
})

describeSignals(() => stack)

const aService = (kind: string, replicas: number, labels: readonly string[] = []) =>
  aSleepingService(engine, { name: `${stack.name}-${kind}`, replicas, labels })

/** Replaces the receiver's task by a new one, and waits until that one is ready. */
async function replaceReceiver(): Promise<void> {
  await engine.docker(['service', 'update', '--force', '--quiet', `${stack.name}_receiver`], {
    timeoutMs: 300_000,
  })
  await waitFor(async () => ((await fetch(`${stack.urls.receiver}/-/ready`)).ok ? true : undefined), {
    for: 'the next receiver',
    timeoutMs: 30_000,
  })
}

/** The log of the receivers since so long ago. */
function receiverLog(since: string): Promise<string> {
  return engine.docker(['service', 'logs', '--raw', '--since', since, `${stack.name}_receiver`])
}

async function post(...alerts: object[]): Promise<{ status: number; results: unknown }> {
  const response = await fetch(`${stack.urls.receiver}/webhook`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(aMessage(...alerts)),
  })
  return { status: response.status, ...((await response.json()) as { results: unknown }) }
}

// biome-ignore lint/suspicious/noExplicitAny: each test says itself what it expects of the answer
async function prometheus(path: string): Promise<any> {
  const response = await fetch(`${stack.urls.prometheus}/api/v1/${path}`)
  return ((await response.json()) as { data: unknown }).data
}

/** What a script prints that runs in the receiver's container, with the network that it has. */
async function insideReceiver(script: string): Promise<string> {
  const filter = `label=com.docker.swarm.service.name=${stack.name}_receiver`
  const container = (await engine.docker(['ps', '--quiet', '--filter', filter])).trim().split('\n')[0] ?? ''
  return (await engine.docker(['exec', container, 'node', '-e', script])).trim()
}
