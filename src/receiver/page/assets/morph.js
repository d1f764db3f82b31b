/** Updates a page to a newer one, and keeps the nodes that are the same in both. */

/** Updates `old` to be like `fresh`, and keeps as many of its nodes as possible. */
export function morph(old, fresh) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data
    return
  }
  // Keep what the script itself has written.
  if ('own' in old.dataset) return
  updateAttributes(old, fresh)
  updateChildren(old, fresh)
}

function updateAttributes(old, fresh) {
  for (const { name } of [...old.attributes]) {
    // Keep whether details are open.
    if (!fresh.hasAttribute(name) && !(name === 'open' && old.localName === 'details')) {
      old.removeAttribute(name)
    }
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value)
  }
}

function updateChildren(old, fresh) {
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
    // A node in its place is not moved: that would lose the focus.
    if (match !== place) old.insertBefore(match, place)
    else place = place.nextSibling
    morph(match, child)
  }
  while (place !== null) {
    const next = place.nextSibling
    place.remove()
    place = next
  }
}

/** Whether an old node without an ID can be updated to the fresh one. */
function isAlike(old, fresh) {
  if (old === null || old.nodeType !== fresh.nodeType) return false
  return old.nodeType !== Node.ELEMENT_NODE || (old.localName === fresh.localName && old.id === fresh.id)
}
