/** What is wrong with a value. `key` is absent where the fault is of the whole, `value` where it is missing or long. */
interface Fault {
  readonly key?: string
  readonly value?: string
  readonly message: string
}

/** A fault in one line: `autoscaler.max="none" must be a whole number >= 1`. */
export function faultInWords({ key, value, message }: Fault): string {
  if (key === undefined) return message
  return value === undefined ? `${key} ${message}` : `${key}=${JSON.stringify(value)} ${message}`
}
