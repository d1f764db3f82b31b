import { describe, expect, it } from 'vitest'
import { mostDepth, mostInOne, mostMembers, shapeFault } from './json-shape.ts'

const faultOf = (json: string) => shapeFault(Buffer.from(json))
const list = (members: number) => `[${'1,'.repeat(members - 1)}1]`
/** So many commas in all, less one, in a hundred lists. */
const lists = (members: number) =>
  `[${Array(100)
    .fill(list(members / 100))
    .join()}]`
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)

describe('the shape of JSON', () => {
  it.each([
    ['as deep as may be', nested(mostDepth)],
    [
      'deep one after the other',
      `[${Array(100)
        .fill(nested(mostDepth - 1))
        .join()}]`,
    ],
    ['brackets in a text', JSON.stringify(nested(1_000))],
    ['brackets behind an escaped quotation mark', JSON.stringify(`"${nested(1_000)}`)],
    ['a text that ends in a backslash', `["\\\\",${nested(mostDepth - 1)}]`],
    ['as many members as may be', lists(mostMembers)],
    ['as many members in one as may be', `[${list(mostInOne)},${list(mostInOne)}]`],
    ['commas in a text', JSON.stringify(','.repeat(mostMembers + 1))],
    ['a text without an end', `"${nested(1_000)}`],
    ['nothing', ''],
    ['more ends than beginnings', ']]]'],
  ])('is fine: %s', (_, json) => {
    expect(faultOf(json)).toBeUndefined()
  })

  it.each([
    ['a level too deep', nested(mostDepth + 1), `is nested deeper than ${mostDepth} levels`],
    ['a million lists', '['.repeat(1_000_000), `is nested deeper than ${mostDepth} levels`],
    ['objects', '{"a":'.repeat(mostDepth + 1), `is nested deeper than ${mostDepth} levels`],
    ['behind a text', `["\\"",${nested(mostDepth)}]`, `is nested deeper than ${mostDepth} levels`],
    ['a member too many', lists(mostMembers + 200), `has more than ${mostMembers} members`],
    [
      'a member too many in one',
      list(mostInOne + 1),
      `has a list or object of more than ${mostInOne} members`,
    ],
    [
      'a list too long after others',
      `[[1],{"a":[]},${list(mostInOne + 1)}]`,
      `has a list or object of more than ${mostInOne} members`,
    ],
  ])('is refused: %s', (_, json, fault) => {
    expect(faultOf(json)).toBe(fault)
  })
})
