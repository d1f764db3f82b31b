/** Deepest nesting of lists and objects. Alertmanager's messages are four deep. */
export const mostDepth = 32

/** Most members of one list or object. The longest one is the list of alerts; an object of very many keys is slow to look at. */
export const mostInOne = 20_000

/** Most members of lists and objects in all: 10,000 alerts of fifty each. A parser takes a third of a second for them. */
export const mostMembers = 500_000

const quote = 0x22
const comma = 0x2c
const backslash = 0x5c
const openList = 0x5b
const closeList = 0x5d
const openObject = 0x7b
const closeObject = 0x7d

/**
 * What of JSON would take a parser too long: a few megabytes of brackets or of tiny members keep it busy for seconds. Absent: nothing. Reads the
 * bytes once; whether it is JSON at all is not looked at.
 */
export function shapeFault(json: Uint8Array): string | undefined {
  let depth = 0
  let members = 0
  /** Of each list or object that is open, by its depth. */
  const inEach = new Uint32Array(mostDepth + 1)
  for (let at = 0; at < json.length; at++) {
    switch (json[at]) {
      case quote:
        at = endOfText(json, at)
        break
      case openList:
      case openObject:
        if (++depth > mostDepth) return `is nested deeper than ${mostDepth} levels`
        inEach[depth] = 1
        break
      case closeList:
      case closeObject:
        depth = Math.max(0, depth - 1)
        break
      case comma:
        if (++members > mostMembers) return `has more than ${mostMembers} members`
        if (isFull(inEach, depth)) return `has a list or object of more than ${mostInOne} members`
    }
  }
  return undefined
}

/** Counts one more member. */
function isFull(inEach: Uint32Array, depth: number): boolean {
  const members = (inEach[depth] ?? 0) + 1
  inEach[depth] = members
  return members > mostInOne
}

/** Where the text that begins at `start` ends, at its closing quotation mark. */
function endOfText(json: Uint8Array, start: number): number {
  for (let at = start + 1; at < json.length; at++) {
    if (json[at] === quote) return at
    if (json[at] === backslash) at++
  }
  return json.length
}
