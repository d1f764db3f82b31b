import { cut } from './cut.ts'

/** Most of a key and of a value that are repeated, in characters. */
const longestKey = 1_000
const longestValue = 200

/** What is wrong with a value. `key` is absent where the fault is of the whole, `value` where it is missing or long. */
interface Fault {
  readonly key?: string
  readonly value?: string
  readonly message: string
}

/** A fault in one line: `autoscaler.max="none" must be a whole number >= 1`. */
export function faultInWords({ key, value, message }: Fault): string {
  if (key === undefined) return message
  const name = cut(key, longestKey)
  return value === undefined
    ? `${name} ${message}`
    : `${name}=${JSON.stringify(cut(value, longestValue))} ${message}`
}
