/**
 * Removes undeclared imports of Python modules that an installed package provides, by the metadata of the project's environment.
 *
 * It runs only if some import is in no manifest. The packages of the environment were judged before they were installed.
 */
import { Context } from '@temporalio/activity';
import { Failure } from '../../../domain/failures';
import type { ImportFact } from '../../../domain/packages/facts';
import type { ProjectOverrides } from '../../../ports/checkouts';
import type { Deps } from '../../deps';
import type { Change } from './change';

/** Prints the modules of the project's virtual environment. Packages of the machine itself do not count. */
const SCRIPT = `
import importlib.metadata as metadata, json, sys
names = set()
if sys.prefix != sys.base_prefix:
    for one in metadata.distributions():
        names.update((one.read_text('top_level.txt') or '').split())
        names.update(str(path).split('/')[0].rsplit('.py', 1)[0] for path in one.files or [] if str(path).endswith('.py'))
print(json.dumps(sorted(names)))
`;
const COMMAND = ['python3', '-I', '-c', SCRIPT];
const TIMEOUT_MS = 30_000;

export async function withoutProvided(
  { checkouts }: Pick<Deps, 'checkouts'>,
  { repo, base, commit, overrides }: Pick<Change, 'repo' | 'base' | 'commit'> & { overrides: ProjectOverrides },
  undeclared: ImportFact[],
): Promise<ImportFact[]> {
  if (!undeclared.some(isPythonImport)) return undeclared;
  const signal = Context.current().cancellationSignal;
  try {
    const { output } = await checkouts.with({ at: { ...repo, commit }, base, overrides, signal }, (checkout) =>
      checkout.run({ command: COMMAND, timeoutMs: TIMEOUT_MS, signal }),
    );
    const provided = namesIn(output);
    return undeclared.filter((one) => !isPythonImport(one) || !provided.has(one.name));
  } catch (error) {
    // If the packages cannot be installed, they provide nothing; the test run has failed for that reason already.
    if (error instanceof Failure && /^(Environment|Change)\./.test(error.type)) return undeclared;
    throw error;
  }
}

function isPythonImport({ ecosystem, kind }: ImportFact): boolean {
  return ecosystem === 'pypi' && kind === 'undeclared';
}

/** Reads the last line of the output, because packages may print at the start of each program. */
function namesIn(output: string): ReadonlySet<string> {
  try {
    const names: unknown = JSON.parse(output.trim().split('\n').at(-1) ?? '');
    return new Set(Array.isArray(names) ? names.map(String) : []);
  } catch {
    return new Set();
  }
}
