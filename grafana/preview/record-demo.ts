/**
 * Runs the demo with a few more services beside it, and keeps what its Prometheus has measured in `.cache/demo-prometheus`:
 * what the pictures in docs/ are made of. It takes about five minutes.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { hurriedDown, runLoop } from '../../test/support/demo/loop.ts'
import { aMessage, anAlert } from '../../test/support/fakes/alertmanager-message.ts'
import { type JoinedEngine, openEngine } from '../../test/support/testbed/engine.ts'
import { foreignImages } from '../../test/support/testbed/image-names.ts'
import { deployStack, type Stack } from '../../test/support/testbed/stack.ts'
import { type KeptStory, keptFolder } from './kept-data.ts'

const say = (line: string) => console.log(line)

/** Services that only sleep, by the labels that make each of them stand in another way. */
const others: Readonly<Record<string, readonly string[]>> = {
  // Asks for more than it may have.
  'shop-api': ['max=4', 'cost=0.08', 'up.cooldown=20s'],
  // Its window opens with each even minute and closes with each odd one.
  shop_worker: [
    'max=6',
    'cost=0.02',
    'schedule.rush.start=*/2 * * * *',
    'schedule.rush.duration=1m',
    'schedule.rush.min=3',
  ],
  // No node takes its second replica.
  shop_search: ['max=5', 'cost=0.11', 'up.cooldown=10s'],
  shop_mailer: ['max=5', 'pause=true'],
  shop_old: ['max=many'],
}

async function create(engine: JoinedEngine, name: string, labels: readonly string[]): Promise<void> {
  const cores = name === 'shop_search' ? ['--reserve-cpu', '1.5'] : []
  await engine.docker([
    ...['service', 'create', '--quiet', '--detach', '--no-resolve-image', '--init', '--name', name, ...cores],
    ...['enable=true', ...labels].flatMap((label) => ['--label', `autoscaler.${label}`]),
    ...['--stop-grace-period', '0s', foreignImages().get('node') ?? '', 'sleep', '3600'],
  ])
}

async function post(
  stack: Stack,
  service: string,
  ask: { replicas: string } | { step: string },
): Promise<void> {
  await fetch(`${stack.urls.receiver}/webhook`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(aMessage(anAlert({ service, ...ask, fingerprint: service }))),
  })
}

/** Posts for the services of which nothing is measured, as Alertmanager would, until it is called off. */
async function postForOthers(stack: Stack, signal: AbortSignal): Promise<void> {
  for (let round = 0; !signal.aborted; round++) {
    await post(stack, 'shop-api', { step: '1' })
    if (round > 3) await post(stack, 'shop_search', { replicas: '3' })
    await post(stack, 'shop_mailer', { replicas: '2' })
    await post(stack, 'shop_gone', { replicas: '2' })
    await sleep(15_000, undefined, { signal }).catch(() => undefined)
  }
}

async function keepData(engine: JoinedEngine, stack: Stack, story: KeptStory): Promise<void> {
  const filter = `label=com.docker.swarm.service.name=${stack.name}_prometheus`
  const container = (await engine.docker(['ps', '--quiet', '--filter', filter])).trim()
  const data = join(keptFolder, 'data')
  await rm(keptFolder, { recursive: true, force: true })
  await mkdir(data, { recursive: true })
  await engine.docker(['cp', `${container}:/prometheus/.`, data])
  // The lock of the Prometheus that ran.
  await rm(join(data, 'lock'), { force: true })
  await writeFile(join(keptFolder, 'story.json'), JSON.stringify(story))
  say(`kept in ${keptFolder}`)
}

const interruption = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort())
const engine = await openEngine({ log: say, signal: interruption.signal })
try {
  const stack = await deployStack(engine, {
    name: 'autoscaler',
    log: say,
    overrides: hurriedDown,
    signal: interruption.signal,
  })
  for (const [name, labels] of Object.entries(others)) await create(engine, name, labels)
  const done = new AbortController()
  const posting = postForOthers(stack, done.signal)
  const report = await runLoop(engine, stack, {
    signal: interruption.signal,
    onPhase: say,
    onMoment: () => {},
  })
  await sleep(20_000)
  done.abort()
  await posting
  const story = { fromMs: report.loadAtMs - 60_000, toMs: Date.now(), service: stack.webService }
  await keepData(engine, stack, story)
} finally {
  await engine.close()
}
