/**
 * Decides whether a failed setup is due to the change or to the environment. It is due to the change only if the setup of the base
 * succeeds at the same time, or if the registry reports that a package does not exist.
 */
import { Failure } from '../../domain/failures';

/** Returns the failure to throw. `tryBase` installs the base's packages; undefined: the base has nothing to install. */
export async function attributeSetupFailure(
  failure: Failure,
  { tryBase }: { tryBase: (() => Promise<void>) | undefined },
): Promise<Failure> {
  if (failure.type !== 'Environment.SetupFailed') return failure;
  if (tryBase === undefined) return saysNoSuchPackage(failure.message) ? changeFailure(failure, '') : failure;
  try {
    await tryBase();
  } catch (error) {
    if (error instanceof Failure) return failure;
    throw error;
  }
  return changeFailure(
    failure,
    'The packages of the base commit were installed again just now; those of this change cannot be: ',
  );
}

function changeFailure({ message }: Failure, why: string): Failure {
  return new Failure('Change.SetupFailed', `${why}${message}`);
}

/** Error messages of npm, pnpm, yarn, bun, pip, uv, poetry, go, cargo and Maven for a package that does not exist. */
const NO_SUCH_PACKAGE =
  /\bE404\b|\bETARGET\b|ERR_PNPM_FETCH_404|ERR_PNPM_NO_MATCHING_VERSION|YN0035|No candidates found|No version matching|No matching distribution found|No solution found when resolving|doesn't match any versions|Could not find a matching version|(?:404 Not Found|unknown revision)|no matching package named|failed to select a version|Could not find artifact/;

function saysNoSuchPackage(log: string): boolean {
  return NO_SUCH_PACKAGE.test(log);
}
