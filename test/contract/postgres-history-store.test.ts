import { describe } from 'vitest'
import { PostgresStore } from '../../src/history/postgres/postgres-store.ts'
import { noon } from '../support/fakes/builders.ts'
import { anEvent, eventEntry } from '../support/history/entries.ts'
import { describeWithPostgres } from '../support/postgres/describe-with-postgres.ts'
import { describeStore } from './history-store-contract.ts'

/** Far longer than the machine can be busy with others. */
const times = { connectMs: 60_000, answerMs: 60_000 }

/** Of a type that no column takes. */
const refused = eventEntry(anEvent(noon + 9, { reactionMs: 'soon' as never }))

await describeWithPostgres('PostgreSQL', (postgres) => {
  const open = async () => {
    const database = await postgres().createDatabase()
    const store = new PostgresStore(postgres().address(database), times)
    return { store, dispose: () => store.close() }
  }
  describeStore('PostgreSQL', describe, open, { refused, histories: 20 })
})
