import type { Policy } from '../domain/policy.ts'
import { readPolicy } from '../policy/read-policy.ts'
import { describeFault } from '../text/describe-fault.ts'
import { UsageError } from './usage-error.ts'

/** Labels by their full key, `autoscaler.` included. */
export type Labels = Readonly<Record<string, string>>

/** Reads `key=value` pairs, with or without `autoscaler.` before the key. Throws `UsageError`. */
export function readLabels(pairs: readonly string[]): Labels {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=')
      if (at < 1)
        throw new UsageError(`--label "${pair}" must be key=value, such as max=20 or target.requests=50`)
      const key = pair.slice(0, at).trim()
      return [key.startsWith('autoscaler.') ? key : `autoscaler.${key}`, pair.slice(at + 1).trim()]
    }),
  )
}

/** Reads the policy that labels describe, whether or not they enable it. Throws `UsageError` with every fault. */
export function policyOf(labels: Labels): Policy {
  const own = Object.keys(labels).filter((key) => key.startsWith('autoscaler.'))
  if (own.length === 0) {
    throw new UsageError(
      'there is no policy; name one by --compose F, by --service of a running swarm, by --policy-file F with --service, ' +
        'or by --label max=20 --label target.requests=50',
    )
  }
  const reading = readPolicy({ ...labels, 'autoscaler.enable': 'true' }, true)
  if (reading.kind === 'valid') return reading.policy
  const faults = reading.kind === 'invalid' ? reading.faults.map(describeFault) : []
  throw new UsageError(`the policy is invalid: ${faults.join('; ')}`)
}
