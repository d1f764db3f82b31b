import { type Html, html, joinLines } from '../../text/html.ts'
import type { Result } from '../comparison.ts'
import type { Scene } from '../scene.ts'
import { pageStyle } from './page-style.ts'
import { againstHpa, minutes, percent, type ReportInput } from './summary.ts'
import { headOf } from './text.ts'
import { type ChartLine, timeChart } from './time-chart.ts'

const hour = 3_600
const tones = ['tone-a', 'tone-b', 'tone-c', 'tone-d']

/** The report as one self-contained page: no script, and no other file. */
export function htmlReport(input: ReportInput): string {
  const { title, comparison } = input
  const heading = `Backtest of ${title}`
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${heading}</title>
<style>${pageStyle}</style>
</head>
<body>
<main>
<h1>${heading}</h1>
${joinLines(headOf(input).map((line) => html`<p class="fact">${line}</p>`))}
<p>${againstHpa(comparison)}</p>
<h2>Replicas over time</h2>
${wholeChart(input)}
${worstChart(input)}
<h2>Results</h2>
${scoreTable(comparison.results)}
<h2>Elasticity</h2>
<p>By SPEC RG: mean number of missing and excess replicas, share of the time with either, and changes per hour minus those of the
demand.</p>
${elasticityTable(comparison.results)}
</main>
</body>
</html>
`.toString()
}

/** The given policies and Kubernetes' HPA. */
function linesOf({ comparison: { results } }: ReportInput): readonly ChartLine[] {
  const first = results.findIndex(({ name }) => name.startsWith('fixed ') || name === 'best possible')
  const shown = [
    ...results.slice(0, Math.min(3, first)),
    ...results.filter(({ name }) => name === 'Kubernetes HPA'),
  ]
  const drawn = shown.map(({ name, supply }, index) => ({
    name,
    steps: supply.running,
    tone: name === 'Kubernetes HPA' ? 'tone-hpa' : (tones[index] ?? 'tone-d'),
  }))
  // The policies are drawn last, over the others.
  return drawn.toReversed()
}

function chartOf(input: ReportInput, from: number, until: number, caption: string): Html {
  const { scene } = input.comparison
  const lines = linesOf(input)
  const needs = (second: number) => (scene.load[second] ?? 0) / scene.capacity
  const keys = lines
    .toReversed()
    .map(({ name, tone }) => html`<span class="key"><i class="${tone}"></i>${name}</span>`)
  return html`<figure>
${timeChart({ title: caption, needs, lines, from, until, startMs: scene.startMs })}
<figcaption>${caption} <span class="key"><i class="needs"></i>what the load needs</span>${keys}</figcaption>
</figure>`
}

function wholeChart(input: ReportInput): Html {
  return chartOf(input, 0, input.comparison.scene.load.length, 'Running replicas over the whole time (UTC).')
}

/** The hour around the worst second of the first policy; absent if it is never above capacity. */
function worstChart(input: ReportInput): Html | undefined {
  const { scene, results } = input.comparison
  const [own] = results
  if (own === undefined || own.score.minutesAbove === 0 || scene.load.length <= hour) return undefined
  const worst = worstSecond(scene, own)
  const from = Math.max(0, Math.min(worst - hour / 3, scene.load.length - hour))
  const day = new Date(scene.startMs + worst * 1_000).toISOString().slice(0, 10)
  return chartOf(input, from, from + hour, `The worst hour of ${own.name}, on ${day} (UTC).`)
}

/** When the load is furthest above capacity. */
function worstSecond(scene: Scene, { supply: { running } }: Result): number {
  let [worst, most] = [0, 0]
  for (const [index, { at, replicas }] of running.entries()) {
    const end = running[index + 1]?.at ?? scene.load.length
    for (let second = at; second < end; second += 1) {
      const missing = (scene.load[second] ?? 0) - replicas * scene.capacity
      if (missing > most) [worst, most] = [second, missing]
    }
  }
  return worst
}

function scoreTable(results: readonly Result[]): Html {
  const hasCost = results.some(({ score }) => score.cost !== undefined)
  const mostAbove = Math.max(...results.map(({ score }) => score.minutesAbove), 1e-9)
  const mostHours = Math.max(...results.map(({ score }) => score.replicaHours))
  const cost = hasCost ? ['Cost'] : []
  return tableOf(
    'Results',
    ['', 'Above capacity', 'Load above', 'Replica-hours', ...cost, 'Peak', 'Changes', 'Reversed in 10 min'],
    results.map(({ name, about, score }) => [
      html`<th scope="row">${name}<small>${about}</small></th>`,
      cell(minutes(score.minutesAbove), score.minutesAbove / mostAbove, 'bad'),
      cell(percent(score.shareAbove)),
      cell(score.replicaHours.toFixed(1), score.replicaHours / mostHours, 'cost'),
      ...(hasCost ? [cell(score.cost?.toFixed(2) ?? '')] : []),
      cell(`${score.peak}`),
      cell(`${score.changes}`),
      cell(`${score.reversals}`),
    ]),
  )
}

function elasticityTable(results: readonly Result[]): Html {
  return tableOf(
    'Elasticity',
    ['', 'Missing', 'Excess', 'Time under', 'Time over', 'Jitter'],
    results.map(({ name, score: { elasticity } }) => [
      html`<th scope="row">${name}</th>`,
      cell(elasticity.underAccuracy.toFixed(3)),
      cell(elasticity.overAccuracy.toFixed(2)),
      cell(percent(elasticity.underTimeshare)),
      cell(percent(elasticity.overTimeshare)),
      cell(`${(elasticity.jitter * hour).toFixed(1)}/h`),
    ]),
  )
}

/** A number, with a bar below it for its share of the largest. */
function cell(text: string, share?: number, tone?: string): Html {
  const bar =
    share === undefined
      ? undefined
      : html`<svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"><rect class="${tone}" width="${(100 * share).toFixed(1)}" height="4"/></svg>`
  return html`<td>${text}${bar}</td>`
}

function tableOf(title: string, heads: readonly string[], rows: readonly (readonly Html[])[]): Html {
  const head = heads.map((text) => (text === '' ? html`<td></td>` : html`<th scope="col">${text}</th>`))
  const body = joinLines(rows.map((cells) => html`<tr>${cells}</tr>`))
  return html`<div class="scroll" role="region" aria-label="${title}" tabindex="0"><table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${body}\n</tbody>\n</table></div>`
}
