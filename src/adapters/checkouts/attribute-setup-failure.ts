/**
 * Whose fault a failed set-up is: the change's only where the base can be set up at the same moment, or the registry itself
 * says that there is no such package.
 */
import { Failure } from '../../domain/failures';

/** Undefined `tryBase`: the base has nothing to install. */
export async function blamed(
  failure: Failure,
  { tryBase }: { tryBase: (() => Promise<void>) | undefined },
): Promise<Failure> {
  if (failure.type !== 'Environment.SetupFailed') return failure;
  if (tryBase === undefined) return saysNoSuchPackage(failure.message) ? ofChange(failure, '') : failure;
  try {
    await tryBase();
  } catch (error) {
    if (error instanceof Failure) return failure;
    throw error;
  }
  return ofChange(
    failure,
    'The packages of the base commit were installed again just now; those of this change cannot be: ',
  );
}

function ofChange({ message }: Failure, why: string): Failure {
  return new Failure('Change.SetupFailed', `${why}${message}`);
}

/** In the words of npm, pnpm, yarn, bun, pip, uv, poetry, go, cargo and Maven. */
const NO_SUCH_PACKAGE =
  /\bE404\b|\bETARGET\b|ERR_PNPM_FETCH_404|ERR_PNPM_NO_MATCHING_VERSION|YN0035|No candidates found|No version matching|No matching distribution found|No solution found when resolving|doesn't match any versions|Could not find a matching version|(?:404 Not Found|unknown revision)|no matching package named|failed to select a version|Could not find artifact/;

function saysNoSuchPackage(log: string): boolean {
  return NO_SUCH_PACKAGE.test(log);
}
