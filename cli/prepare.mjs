import { bundleServer, isInterfaceStale, isServerStale, buildInterface } from './build.mjs'
import { arePackagesMissing, installPackages } from './packages.mjs'
import { inTurn } from './turn.mjs'

/**
 * Installs packages when they are missing or the lock file changed, and builds what is older than its sources.
 * Does nothing, in a few hundredths of a second, when all is in place. Ends the process with one sentence when something fails.
 * @param {{ build: boolean, interface?: boolean }} wanted
 */
export async function prepare(wanted) {
  const isServerWanted = wanted.build && isServerStale()
  const isInterfaceWanted = wanted.build && wanted.interface !== false && isInterfaceStale()
  const building = isServerWanted || isInterfaceWanted || !wanted.build
  if (!building && !arePackagesMissing({ forBuilding: false })) return

  await inTurn(async () => {
    if (arePackagesMissing({ forBuilding: building })) await installPackages()
    const jobs = []
    // Asked again: another process may have built it while this one waited for its turn.
    if (isServerWanted && isServerStale()) jobs.push(bundleServer())
    if (isInterfaceWanted && isInterfaceStale()) jobs.push(buildInterface())
    await Promise.all(jobs)
  })
}
