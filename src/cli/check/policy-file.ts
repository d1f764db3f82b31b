import { readFileSync } from 'node:fs'
import { readPolicyFile } from '../../policy/policy-file.ts'
import { describeFault } from '../../text/describe-fault.ts'
import type { Finding } from './findings.ts'
import { unreadable } from './yaml-file.ts'

/** The faults of the policy file. `path`: empty for none. */
export function checkPolicyFile(path: string): readonly Finding[] {
  if (path === '') return []
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    return [unreadable(path, (error as Error).message)]
  }
  const result = readPolicyFile(text)
  if (result.kind === 'valid') return []
  return result.faults.map(({ line, column, ...fault }) => ({
    severity: 'error',
    where: { file: path, line, column },
    rule: result.kind === 'not_yaml' ? 'unparsable-file' : 'policy-file',
    message: describeFault(fault),
  }))
}
