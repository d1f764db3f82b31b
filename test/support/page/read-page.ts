/** The text of markup as a reader has it: no tags, entities resolved, white space as one. */
export function textOf(markup: string): string {
  return markup
    .replaceAll(/<title>.*?<\/title>/g, '')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ (?=[.,:;?)])/g, '')
    .trim()
}

/** The markup of the section of this id. */
export function sectionOf(page: string, id: string): string {
  return new RegExp(`<section id="${id}"[\\s\\S]*?\\n</section>`).exec(page)?.[0] ?? ''
}

/** The markup of each service's row, by the text that names it. */
export function rowsOf(page: string): ReadonlyMap<string, string> {
  const rows = sectionOf(page, 'services').split('<li class="service"').slice(1)
  return new Map(rows.map((row) => [textOf(/<h3>(.*?)<\/h3>/.exec(row)?.[1] ?? ''), `<li${row}`]))
}

/** The markup of each event, the first one first. */
export function eventsOf(page: string): readonly string[] {
  return sectionOf(page, 'events')
    .split('<li class="event"')
    .slice(1)
    .map((event) => event.replace(/\n<\/li>[\s\S]*/, ''))
}
