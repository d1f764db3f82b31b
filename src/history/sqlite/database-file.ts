import { mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { Connection } from './connection.ts'
import { migrate, versionOf } from './migrate.ts'
import { migrations } from './migrations.ts'

/** Suffixes of the files that SQLite keeps beside a database. */
const suffixes = ['-wal', '-shm']

/** An open database with the inodes of its files: the files can be replaced while it is open. */
export interface OpenDatabase {
  readonly connection: Connection
  readonly inodes: ReadonlyMap<string, number | undefined>
}

/** Opens the file. Creates it and its folder if they are missing. */
export function openDatabase(path: string): OpenDatabase {
  mkdirSync(dirname(path), { recursive: true })
  const connection = new Connection(path)
  try {
    // Before the first write: a file of a newer version must not change.
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

/** Whether its files are still in place. What is written to a removed file is lost when it is closed. */
export function isInPlace({ inodes }: OpenDatabase): boolean {
  return [...inodes].every(([file, inode]) => inodeOf(file) === inode)
}

/** Closes a removed or replaced database, and leaves no files of it beside the new one. */
export function closeMisplaced({ connection, inodes }: OpenDatabase, path: string): void {
  const wasReplaced = inodeOf(path) !== inodes.get(path)
  try {
    connection.close()
  } finally {
    const wal = `${path}-wal`
    if (wasReplaced && inodeOf(wal) === inodes.get(wal))
      for (const end of suffixes) rmSync(path + end, { force: true })
  }
}

/** Renames a damaged file, with the files beside it. Returns the new name. */
export function renameDamaged(path: string, nowMs: number): string {
  const newPath = `${path}.damaged-${new Date(nowMs).toISOString().replaceAll(':', '')}`
  for (const end of ['', ...suffixes]) {
    if (inodeOf(path + end) !== undefined) renameSync(path + end, newPath + end)
  }
  return newPath
}

function inodeOf(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.ino
}
