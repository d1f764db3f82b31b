/** Ends a `switch` over a closed union: a case that was forgotten is a type error, and loud if it happens all the same. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`)
}
