import { mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { Connection } from './connection.ts'
import { migrate, versionOf } from './migrate.ts'
import { migrations } from './migrations.ts'

/** Files that SQLite keeps beside a database, and that belong to it alone. */
const besides = ['-wal', '-shm']

/** An open database, and which files it has: others can take their names while it is open. */
export interface OpenDatabase {
  readonly connection: Connection
  readonly inodes: ReadonlyMap<string, number | undefined>
}

/** Opens the file; it and its folder are made where they are missing. */
export function openDatabase(path: string): OpenDatabase {
  mkdirSync(dirname(path), { recursive: true })
  const connection = new Connection(path)
  try {
    // Before anything is written: a file of a newer version stays as it is.
    const isNew = versionOf(connection, migrations) === 0
    if (isNew) connection.exec('PRAGMA auto_vacuum = INCREMENTAL')
    connection.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      PRAGMA journal_size_limit = 16777216;
      PRAGMA temp_store = MEMORY;`)
    migrate(connection, migrations)
    return { connection, inodes: new Map([path, `${path}-wal`].map((file) => [file, inodeOf(file)])) }
  } catch (thrown) {
    connection.close()
    throw thrown
  }
}

/** Whether its files still have their names. What is written into one that has not is lost when it is closed. */
export function isInPlace({ inodes }: OpenDatabase): boolean {
  return [...inodes].every(([file, inode]) => inodeOf(file) === inode)
}

/** Closes what was removed, or replaced by another file, and leaves nothing beside that which is not of it. */
export function closeMisplaced({ connection, inodes }: OpenDatabase, path: string): void {
  const wasReplaced = inodeOf(path) !== inodes.get(path)
  try {
    connection.close()
  } finally {
    const wal = `${path}-wal`
    if (wasReplaced && inodeOf(wal) === inodes.get(wal))
      for (const end of besides) rmSync(path + end, { force: true })
  }
}

/** Gives a file that is of no use another name, which is answered. Nothing of it is lost. */
export function putAside(path: string, nowMs: number): string {
  const aside = `${path}.damaged-${new Date(nowMs).toISOString().replaceAll(':', '')}`
  for (const end of ['', ...besides]) {
    if (inodeOf(path + end) !== undefined) renameSync(path + end, aside + end)
  }
  return aside
}

function inodeOf(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.ino
}
