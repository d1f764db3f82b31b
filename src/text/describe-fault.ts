import { cut } from './cut.ts'

/** Most characters of a key and of a value that are repeated. */
const longestKey = 1_000
const longestValue = 200

/** What is wrong with a value. `key` is absent if the fault is of the whole, `value` if it is missing or long. */
interface Fault {
  readonly key?: string
  readonly value?: string
  readonly message: string
}

/** A fault in one line: `autoscaler.max="none" must be a whole number >= 1`. */
export function describeFault({ key, value, message }: Fault): string {
  if (key === undefined) return message
  const name = cut(key, longestKey)
  return value === undefined
    ? `${name} ${message}`
    : `${name}=${JSON.stringify(cut(value, longestValue))} ${message}`
}

/** A fault of a file, as a compiler prints it: `policy.yml:3:5: services.web.max="none" must be a whole number >= 1`. */
export function describeFileFault(
  file: string,
  fault: Fault & { readonly line: number; readonly column: number },
): string {
  return `${file}:${fault.line}:${fault.column}: ${describeFault(fault)}`
}
