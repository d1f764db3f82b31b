import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { html, joinLines } from './html.ts'

const shown = (content: string) => html`<p title="${content}">${content}</p>`.toString()

describe('what is put into a template', () => {
  it.each([
    ['tags', '<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
    ['the end of a drawing', '</svg></title>', '&lt;/svg&gt;&lt;/title&gt;'],
    ['quotes', `" onclick='x'`, '&quot; onclick=&#39;x&#39;'],
    ['an ampersand, once', '&lt;', '&amp;lt;'],
    ['what sets the direction of writing', 'a\u202eb\u2066c\u200fd\u061ce', 'a\ufffdb\ufffdc\ufffdd\ufffde'],
    ['controls', 'a\u0000b\u001b[31mc\u0085d', 'a\ufffdb\ufffd[31mc\ufffdd'],
    ['what takes no room', 'we\u200bb\ufeff', 'we\ufffdb\ufffd'],
    ['half a character', 'a\ud800b', 'a\ufffdb'],
  ])('is escaped: %s', (_, text, escaped) => {
    expect(shown(text)).toBe(`<p title="${escaped}">${escaped}</p>`)
  })

  it.each(['tab\tand\nline', 'Grüße', '数え', 'שלום', '👩‍💻', 'a‌b'])(
    'is left as it is where it does no harm: %j',
    (text) => {
      expect(shown(text)).toBe(`<p title="${text}">${text}</p>`)
    },
  )

  it('never makes or ends a tag or an attribute, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const markup = shown(text)
        expect(markup.match(/[<>"']/g)?.join('')).toBe('<""><>')
      }),
    )
  })

  it('is markup where a template made it, lists in their order', () => {
    const items = ['a', 'b&'].map((name) => html`<li>${name}</li>`)
    expect(html`<ul>${items}</ul>`.toString()).toBe('<ul><li>a</li><li>b&amp;</li></ul>')
  })

  it('is left out where it is absent or false; 0 and empty texts are not', () => {
    expect(html`[${undefined}${false}${0}${''}${[]}]`.toString()).toBe('[0]')
  })

  it('is joined with line breaks', () => {
    expect(joinLines([html`<a>`, html`${'<'}`, html`<b>`]).toString()).toBe('<a>\n&lt;\n<b>')
    expect(joinLines([]).toString()).toBe('')
  })
})
