import { describe } from 'vitest'
import { FakeStore } from '../support/fakes/fake-store.ts'
import { describeStore } from './history-store-contract.ts'

const open = async () => {
  const store = new FakeStore()
  return { store, dispose: () => store.close() }
}

describeStore('the fake', describe, open, { histories: 5 })
