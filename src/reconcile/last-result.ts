/** Tells a result that is new from one that goes on: the same error, or success, again and again. */
export class LastResult {
  #code: string | undefined

  /** Whether this is another result than the last one. The first one always is. `error`: absent after a success. */
  isNew(error: { readonly code: string } | undefined): boolean {
    const code = error?.code ?? 'ok'
    const isNew = this.#code !== code
    this.#code = code
    return isNew
  }
}
