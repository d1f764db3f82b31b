import type { Answer, Series } from '../../../grafana/preview/ask.ts'
import type { Panel } from '../../../grafana/preview/shape.ts'
import type { Expected } from './expected.ts'

/** What is wrong with the answers of a panel, in words; empty where they are as expected. */
export function faultsOf(
  panel: Panel,
  answers: readonly Answer[],
  expected: readonly Expected[] = [],
): readonly string[] {
  if (answers.length !== expected.length) {
    return [`${panel.title}: has ${answers.length} queries, and ${expected.length} are expected`]
  }
  return answers.flatMap((answer, index) => {
    const shape = expected[index]
    const faults = shape === undefined ? ['is not expected'] : faultsOfAnswer(answer, shape)
    return faults.map((fault) => `${panel.title}, ${answer.target.refId}: ${fault}\n    ${answer.expr}`)
  })
}

function faultsOfAnswer({ series }: Answer, expected: Expected): readonly string[] {
  const isMissing = series.length === 0 && expected.series !== 'any'
  const isMany = expected.series === 'one' && series.length > 1
  return [
    ...(isMissing ? ['has no data'] : []),
    ...(isMany ? [`has ${series.length} series and not one`] : []),
    ...series.flatMap((each) => faultsOfSeries(each, expected)),
  ]
}

function faultsOfSeries(
  { labels, points }: Series,
  { labels: names, within: [least, most] }: Expected,
): readonly string[] {
  const has = Object.keys(labels)
  const known = names.map((name) => name.replace('?', ''))
  const missing = names.filter((name) => !name.endsWith('?') && !has.includes(name))
  const strange = has.filter((name) => !known.includes(name))
  const outside = points.find(([, value]) => !(value >= least && value <= most))
  return [
    ...(missing.length > 0 ? [`a series has no label ${missing.join(', ')}`] : []),
    ...(strange.length > 0 ? [`a series has a label ${strange.join(', ')}`] : []),
    ...(points.length === 0 ? ['a series has no points'] : []),
    ...(outside === undefined
      ? []
      : [`${outside[1]} at ${new Date(outside[0]).toISOString()} is not between ${least} and ${most}`]),
  ]
}
