import { MappingType, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard'
import { colours } from './colours.ts'

interface OnOffOptions {
  /** Of both words. Default: good and bad. */
  readonly colours?: readonly [on: string, off: string]
  /** A word for -1, which queries answer where there is nothing. */
  readonly absent?: string
}

/** Words for 1 and 0. */
export function onOff(on: string, off: string, { colours: pair, absent }: OnOffOptions = {}): ValueMapping[] {
  const [onColour, offColour] = pair ?? [colours.good, colours.bad]
  const options = {
    1: { text: on, color: onColour, index: 0 },
    0: { text: off, color: offColour, index: 1 },
    ...(absent === undefined ? {} : { [-1]: { text: absent, color: colours.bad, index: 2 } }),
  }
  return [{ type: MappingType.ValueToText, options }]
}
