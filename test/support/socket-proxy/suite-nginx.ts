import { existsSync } from 'node:fs'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { arch } from 'node:os'
import { join } from 'node:path'
import { cache, cached } from '../debian/cached.ts'
import { unpacked } from '../debian/suite-packages.ts'
import { suite } from '../debian/suites.ts'
import { newWork } from '../testbed/work.ts'

/** nginx, and the libraries that it needs under all the names that suites have for them. */
const packages = [
  ...['nginx', 'libc6', 'libcrypt1', 'libpcre2-8-0', 'zlib1g'],
  ...['libssl3', 'libssl3t64', 'libzstd1'],
]

/** Where libraries are, and what starts a program with them, by the machine's architecture. */
const machines: Readonly<Record<string, { readonly triplet: string; readonly loader: string }>> = {
  x64: { triplet: 'x86_64-linux-gnu', loader: 'ld-linux-x86-64.so.2' },
  arm64: { triplet: 'aarch64-linux-gnu', loader: 'ld-linux-aarch64.so.1' },
}

/**
 * A folder with the program `nginx` of the suite that the images of the test bed are made of, to stand on a PATH. Nothing is installed.
 * Rejects where it cannot be had.
 */
export async function suiteNginx(): Promise<string> {
  return cached(join(cache, suite(), 'nginx-bin'), async (unfinished) => {
    const work = newWork(() => undefined)
    const roots: string[] = []
    // One after the other: the first brings the list of packages.
    for (const name of packages) roots.push(await unpacked(name, work))
    const machine = machines[arch()] ?? { triplet: 'none', loader: 'none' }
    const libraries = roots.flatMap((root) =>
      ['usr/lib', 'lib'].map((folder) => join(root, folder, machine.triplet)).filter(existsSync),
    )
    const loader = libraries.map((folder) => join(folder, machine.loader)).find(existsSync)
    const nginx = roots.map((root) => join(root, 'usr/sbin/nginx')).find(existsSync)
    if (loader === undefined || nginx === undefined)
      throw new Error(`Debian ${suite()} has no nginx for this machine`)
    await mkdir(unfinished)
    const words = [loader, '--library-path', libraries.join(':'), nginx].map((word) => `'${word}'`).join(' ')
    await writeFile(join(unfinished, 'nginx'), `#!/bin/sh\nexec ${words} "$@"\n`)
    await chmod(join(unfinished, 'nginx'), 0o755)
  })
}
