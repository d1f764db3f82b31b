import type { Request } from 'express'
import { z } from 'zod'
import { describeFault } from '../../text/describe-fault.ts'
import { nearest } from '../../text/nearest.ts'
import { Problem } from '../problem.ts'

/** Parameters of a route, by name. Each is parsed from a string. */
type Parameters = z.ZodObject<Readonly<Record<string, z.ZodType<unknown, string | undefined>>>>

/** Most characters of an invalid value that the answer repeats. */
const mostShown = 100

/** The query of a request, parsed as its route needs it. Throws a `Problem` that names all faults at once. */
export function readQuery<P extends Parameters>(parameters: P, request: Request): z.output<P> {
  const names = Object.keys(parameters.shape)
  const { given, faults } = givenTexts(request.originalUrl)
  const texts: [string, string][] = []
  for (const [name, values] of given) {
    if (!names.includes(name)) faults.push(unknown(name, names))
    else if (values.length > 1 && !isList(parameters.shape[name]))
      faults.push(`${name} is given ${values.length} times; give it once`)
    else texts.push([name, values.join(',')])
  }
  const read = parameters.safeParse(Object.fromEntries(texts))
  for (const { path, message } of read.error?.issues ?? []) {
    const key = String(path[0])
    if (given.has(key) && !texts.some(([name]) => name === key)) continue
    faults.push(faultOf(key, message, new Map(texts).get(key)))
  }
  if (read.data === undefined || faults.length > 0) throw invalidQuery(faults)
  return read.data
}

/** The answer to an invalid query. */
export function invalidQuery(faults: readonly string[]): Problem {
  return new Problem(400, 'the query is invalid', faults)
}

/** A fault of a parameter in one line. */
export function faultOf(key: string, message: string, value: string | undefined): string {
  if (value === undefined) return describeFault({ key, message })
  const isLong = value.length > mostShown
  return describeFault({ key, message, value: isLong ? `${value.slice(0, mostShown)}…` : value })
}

/** Every name in the query with all its values, and the faults of what cannot be decoded. */
function givenTexts(url: string) {
  const given = new Map<string, string[]>()
  const faults: string[] = []
  const start = url.indexOf('?')
  const pairs = start < 0 ? [] : url.slice(start + 1).split('&')
  for (const pair of pairs.filter((text) => text !== '')) {
    const [, name, value] = /^([^=]*)=?(.*)$/s.exec(pair) ?? []
    const key = decode(name ?? '')
    const text = decode(value ?? '')
    if (key === undefined || text === undefined) {
      faults.push(
        `${JSON.stringify(pair.slice(0, mostShown))} has an invalid percent-encoding; write a percent sign as %25`,
      )
    } else given.set(key, [...(given.get(key) ?? []), text])
  }
  return { given, faults }
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}

function unknown(name: string, names: readonly string[]): string {
  const near = nearest(name, names)
  const all = names.length === 0 ? 'this route has none' : `the parameters are ${names.join(', ')}`
  return faultOf(
    JSON.stringify(name.slice(0, mostShown)),
    `is not a parameter; ${near === undefined ? all : `did you mean ${near}?`}`,
    undefined,
  )
}

/** Whether a parameter may be given several times. */
function isList(parameter: z.ZodType | undefined): boolean {
  const inner = parameter instanceof z.ZodOptional ? parameter.unwrap() : parameter
  return inner instanceof z.ZodType && inner.meta()?.['type'] === 'array'
}
