/**
 * The folder of the project in a repository: the root, or the one sub-folder with manifests. Pure.
 *
 * Where several folders have manifests and the root has none, the first counts: the least deep, then by language (JavaScript,
 * Python, Go, Rust, Java), then by name. A note names the others and the option that chooses.
 */
import { Failure } from '../../domain/failures';

const MANIFESTS: readonly RegExp[] = [
  /^package\.json$/,
  /^(pyproject\.toml|setup\.(py|cfg)|requirements\.txt|tox\.ini|Pipfile)$/,
  /^go\.(mod|work)$/,
  /^Cargo\.toml$/,
  /^(pom\.xml|(build|settings)\.gradle(\.kts)?)$/,
];
/** At the root these say that the project is there, too. */
const ROOT_SIGNS =
  /^([^/]+\.([cm]?[jt]sx?|py|go|rs|html|c|cc|cpp|java|rb|php|sh)|(GNU)?[Mm]akefile|CMakeLists\.txt|Gemfile|composer\.json|deno\.jsonc?|pytest\.ini|justfile)$/;
/** Folders that hold other things than the project. */
const ASIDE =
  /(^|\/)(node_modules|vendor|examples?|samples?|demos?|fixtures?|__fixtures__|testdata|docs?|website|tests?|e2e|bench(marks?)?|scripts?|tools?|\.[^/]+)(\/|$)/;
const NAMED_LIMIT = 5;

export function findWorkdir(paths: readonly string[], wish: string | undefined): { workdir: string; notes: string[] } {
  if (wish !== undefined) return { workdir: checked(paths, wish), notes: [] };
  const isRoot = paths.some((path) => !path.includes('/') && (ROOT_SIGNS.test(path) || rankOf(path) >= 0));
  if (isRoot) return { workdir: '', notes: [] };
  const found = candidates(paths.filter((path) => !ASIDE.test(path)));
  const all =
    found.length > 0 ? found : candidates(paths.filter((path) => !/(^|\/)(node_modules|vendor)\//.test(path)));
  const [first, ...others] = all;
  if (first === undefined) return { workdir: '', notes: [] };
  if (others.length === 0) return { workdir: first, notes: [] };
  const named = others.slice(0, NAMED_LIMIT).join(', ');
  const more = others.length > NAMED_LIMIT ? ` and ${others.length - NAMED_LIMIT} more` : '';
  return {
    workdir: first,
    notes: [`the project is taken to be in ${first}; ${named}${more} have manifests, too: workdir chooses`],
  };
}

function checked(paths: readonly string[], wish: string): string {
  const workdir = wish.replace(/^(\.\/)+|\/+$/g, '').replace(/^\.$/, '');
  if (workdir === '' || paths.some((path) => path.startsWith(`${workdir}/`))) return workdir;
  throw new Failure(
    'Environment.RepositoryUnfit',
    `workdir ${JSON.stringify(wish)} is no folder of the repository: name one that is, or leave workdir out`,
  );
}

/** Folders with a manifest that lie in no other one. */
function candidates(paths: readonly string[]): string[] {
  const ranks = new Map<string, number>();
  for (const path of paths) {
    const slash = path.lastIndexOf('/');
    const rank = rankOf(path.slice(slash + 1));
    if (rank < 0 || slash < 0) continue;
    const folder = path.slice(0, slash);
    ranks.set(folder, Math.min(rank, ranks.get(folder) ?? rank));
  }
  const folders = [...ranks.keys()].filter(
    (folder) => ![...ranks.keys()].some((other) => folder.startsWith(`${other}/`)),
  );
  const depth = (folder: string): number => folder.split('/').length;
  return folders.sort((a, b) => depth(a) - depth(b) || (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0) || (a < b ? -1 : 1));
}

function rankOf(name: string): number {
  return MANIFESTS.findIndex((pattern) => pattern.test(name));
}

/** True for a manifest of the folder that the path is seen from. */
export function isManifest(path: string): boolean {
  return rankOf(path) >= 0;
}
