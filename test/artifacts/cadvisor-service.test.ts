import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { readRecordings, samplesOf } from '../support/cadvisor/recordings.ts'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

const Cadvisor = z.object({
  image: z.string(),
  command: z.array(z.string()),
  volumes: z.array(z.string()),
})
const StackFile = z.object({ services: z.object({ cadvisor: Cadvisor }) })

/** The stack file, with each variable at its default. */
const stackFile = read('docker-compose.yml').replace(/\$\{\w+:-([^}]*)\}/g, '$1')
const { cadvisor } = StackFile.parse(parse(stackFile, { merge: true })).services
const recordedWith = Cadvisor.parse(JSON.parse(read('test/fixtures/cadvisor/docker-28.5.2/service.json')))

describe('cadvisor of docker-compose.yml', () => {
  it('is run as it was where the recordings were made', () => {
    const { image, command, volumes } = cadvisor
    expect({ image, command, volumes }).toEqual(recordedWith)
  })

  it('is the one that the recordings name', () => {
    const images = readRecordings().flatMap(({ text }) =>
      samplesOf(text)
        .filter(
          ({ labels }) => labels['container_label_com_docker_swarm_service_name'] === 'autoscaler_cadvisor',
        )
        .map(({ labels }) => labels['image']),
    )
    expect([...new Set(images)]).toEqual([cadvisor.image])
  })

  it("finds containerd's socket where it looks for it, where containerd is the system's own", () => {
    // /var/run is a link to /run, on the machine and in the image: the socket comes as /run/containerd/containerd.sock.
    expect(cadvisor.volumes).toContain('/var/run:/var/run:ro')
    expect(cadvisor.command.filter((flag) => /^--?containerd/.test(flag))).toEqual([])
  })

  it('keeps what the rules read', () => {
    const disabled =
      cadvisor.command.find((flag) => flag.startsWith('--disable_metrics='))?.split(/[=,]/) ?? []
    expect(disabled.filter((metric) => ['cpu', 'cpuLoad', 'memory', 'network'].includes(metric))).toEqual([])
    expect(cadvisor.command).toContain('--docker_only=true')
  })
})
