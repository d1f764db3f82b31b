/** Changes a page into a newer one, and leaves alone what is the same in both. */

/** Makes `old` what `fresh` is, with as many of its nodes as can stay. */
export function become(old, fresh) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data
    return
  }
  // What the script itself has written stays.
  if ('own' in old.dataset) return
  takeAttributes(old, fresh)
  takeChildren(old, fresh)
}

function takeAttributes(old, fresh) {
  for (const { name } of [...old.attributes]) {
    // Whether details are open is the reader's own.
    if (!fresh.hasAttribute(name) && !(name === 'open' && old.localName === 'details')) {
      old.removeAttribute(name)
    }
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value)
  }
}

function takeChildren(old, fresh) {
  const freshIds = new Set([...fresh.children].map(({ id }) => id))
  for (const child of [...old.children]) if (child.id !== '' && !freshIds.has(child.id)) child.remove()
  const named = new Map([...old.children].filter(({ id }) => id !== '').map((child) => [child.id, child]))
  let place = old.firstChild
  for (const child of [...fresh.childNodes]) {
    const match = named.get(child.id) ?? (isAlike(place, child) ? place : undefined)
    if (match === undefined) {
      old.insertBefore(document.importNode(child, true), place)
      continue
    }
    // One that is in its place is not moved: that would cost it the focus.
    if (match !== place) old.insertBefore(match, place)
    else place = place.nextSibling
    become(match, child)
  }
  while (place !== null) {
    const next = place.nextSibling
    place.remove()
    place = next
  }
}

/** Whether an old node without a name of its own can become the fresh one. */
function isAlike(old, fresh) {
  if (old === null || old.nodeType !== fresh.nodeType) return false
  return old.nodeType !== Node.ELEMENT_NODE || (old.localName === fresh.localName && old.id === fresh.id)
}
