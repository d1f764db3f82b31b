import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import Docker from 'dockerode'

/** Where Docker is, by the environment variables of the Docker client. */
export interface DockerEndpoint {
  /** `DOCKER_HOST`: `unix:///path` or `tcp://host:port`. */
  readonly host: string
  /** `DOCKER_TLS_VERIFY`: whether a TCP connection uses TLS and verifies the engine's certificate. */
  readonly tlsVerify: boolean
  /** `DOCKER_CERT_PATH`: the folder of `ca.pem`, `cert.pem` and `key.pem`. Default `~/.docker`. */
  readonly certPath?: string
}

/** The client itself reads the environment too, and a host from there wins over a socket given here: these values prevent that. */
const notFromEnvironment = { host: '', ca: '', cert: '', key: '' }

/**
 * A client for the endpoint. It asks for no API version: an engine refuses versions that it no longer supports.
 * Throws if the host is invalid, or if the certificates cannot be read.
 */
export function connectDocker({ host, tlsVerify, certPath }: DockerEndpoint): Docker {
  const url = URL.parse(host)
  if (url?.protocol === 'unix:') return new Docker({ ...notFromEnvironment, socketPath: url.pathname })
  if (url?.protocol !== 'tcp:' || url.hostname === '') {
    throw new Error(`DOCKER_HOST=${host} must be unix:///path/to/docker.sock or tcp://host:port`)
  }
  return new Docker({
    ...notFromEnvironment,
    protocol: tlsVerify ? 'https' : 'http',
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (tlsVerify ? 2376 : 2375) : Number(url.port),
    ...(tlsVerify ? readCertificates(certPath ?? join(homedir(), '.docker')) : {}),
  })
}

function readCertificates(folder: string): { ca: Buffer; cert: Buffer; key: Buffer } {
  const read = (file: string) => {
    try {
      return readFileSync(join(folder, file))
    } catch (cause) {
      throw new Error(`DOCKER_CERT_PATH: ${join(folder, file)} cannot be read`, { cause })
    }
  }
  return { ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') }
}
