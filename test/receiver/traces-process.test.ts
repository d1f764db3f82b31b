import { expect, it, onTestFinished } from 'vitest'
import { anAlert } from '../support/fakes/alertmanager-message.ts'
import { ReceiverProcess, runProgram } from '../support/receiver-process.ts'
import { freePorts } from '../support/testbed/free-ports.ts'
import { startCollector } from '../support/tools/collector.ts'

const dockerHost = 'unix:///nowhere/docker.sock'

/** Writes each module of OpenTelemetry that is loaded to the standard error. */
const tellsOfModules = `--import=data:text/javascript,${encodeURIComponent(
  `import { registerHooks } from 'node:module'
  registerHooks({ load: (url, context, next) => {
    if (url.includes('@opentelemetry')) process.stderr.write(url + '\\n')
    return next(url, context)
  } })`,
)}`

it('sends what it has when it stops, under the name that it was given and with its version', async () => {
  const collector = await startCollector()
  onTestFinished(collector.stop)
  const environment = {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_SERVICE_NAME: 'scaler-of-the-shop',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
    NODE_OPTIONS: tellsOfModules,
  }
  const receiver = await ReceiverProcess.start({ dockerHost, environment })
  expect((await receiver.post(anAlert({ replicas: '3' }))).status).toBe(503)
  expect(await receiver.stop()).toBe(0)
  expect(receiver.errors).toContain('@opentelemetry/sdk-trace')
  expect(collector.resources()[0]).toMatchObject({
    'service.name': 'scaler-of-the-shop',
    'service.version': expect.stringMatching(/^\d+\.\d+\.\d+/),
    'deployment.environment.name': 'test',
  })
  const byName = Map.groupBy(collector.spans(), ({ name }) => name)
  expect([...byName.keys()].toSorted()).toEqual(['POST /webhook', 'consider', 'docker service_list'])
  expect(byName.get('docker service_list')?.[0]?.attributes).toMatchObject({ 'error.type': 'unreachable' })
  const [event] = byName.get('consider')?.[0]?.events ?? []
  expect(event?.attributes['exception.message']).toContain(dockerHost)
})

it('answers and ends well while the collector is away, and reports it once', async () => {
  const [port] = await freePorts(1)
  const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` }
  const receiver = await ReceiverProcess.start({ dockerHost, environment })
  expect((await receiver.post(anAlert({ replicas: '3' }))).status).toBe(503)
  expect(await receiver.stop()).toBe(0)
  const reports = receiver.log.filter(({ msg }) => msg.startsWith('traces not sent'))
  expect(reports).toMatchObject([{ level: 'warn', error: expect.stringContaining('ECONNREFUSED') }])
})

it('loads nothing of the SDK where no collector is named', async () => {
  const environment = { NODE_OPTIONS: tellsOfModules }
  const receiver = await ReceiverProcess.start({ dockerHost, environment })
  await receiver.post(anAlert({ replicas: '3' }))
  expect(await receiver.stop()).toBe(0)
  // The API, which does nothing by itself, belongs to the client of Prometheus.
  expect(receiver.errors.split('\n').filter((url) => !/@opentelemetry\/api\/|^$/.test(url))).toEqual([])
})

it('does not start where it cannot do what the variables say', async () => {
  const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: 'otel-collector:4317' }
  const { errors, exited } = runProgram(['serve'], environment)
  expect(await exited).toEqual([2, null])
  expect(errors.join('')).toMatch(
    /^swarm-autoscaler: OTEL_EXPORTER_OTLP_ENDPOINT="otel-collector:4317": must be /,
  )
})
