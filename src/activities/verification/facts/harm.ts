/**
 * Finds lines of a change that can do harm even if all tests pass. Lines that the base already has, in the same or in another changed
 * file, do not count, and hosts that the base or the request names do not count.
 */
import { groupBy } from '../../../domain/group-by';
import { harmText } from '../../../domain/gates/harmful-lines';
import type { HarmFacts, HarmOfFile } from '../../../domain/harm';
import { harmKindOf } from '../../../inspect/harm/harmed-files';
import type { HarmfulLines } from '../../../inspect/harm/harmful-lines';
import { CHECKED_IN_RELEASE, OVERFLOWS_ITSELF, PANICS } from '../../../inspect/harm/panics';
import type { Harm } from '../../../inspect/harm/rule';
import type { HarmOfText } from '../../../inspect/readings/harm';
import type { StartRequest } from '../../../requests/start-request';
import type { Deps } from '../../deps';
import { runReader } from '../../run-reader';
import { addedIn, textsBefore, wordsOf } from './added-rows';
import type { Change } from './change';

type HarmDeps = Pick<Deps, 'workspace' | 'artifacts' | 'readers'> & { runners: Pick<Deps['runners'], 'protects'> };
type HarmFound = Pick<HarmFacts, 'files' | 'notes'>;

export async function readHarm(deps: HarmDeps, change: Change, request: StartRequest): Promise<HarmFound> {
  const isForeignHost = createForeignHostCheck(deps, change, request);
  const isAdded = addedIn(change);
  const harmed: Array<{ path: string; text: string; harms: Harm[] }> = [];
  for (const { path, text, altered, ...found } of await findHarm(deps, change)) {
    const harms = await harmsOf(found, isForeignHost);
    const fresh = [...harms.filter((one) => isAdded(path, one)), ...altered];
    if (fresh.length > 0) harmed.push({ path, text, harms: fresh });
  }
  await dropAllowedPanics(deps, change, harmed);
  if (harmed.length === 0) return { files: [], notes: [] };
  const known = await knownLines(deps, change);
  const kept = await Promise.all(harmed.map((one) => keepHarm(deps, { ...one, known })));
  return { files: kept.flatMap(({ file }) => file ?? []), notes: kept.flatMap(({ notes }) => notes) };
}

/** Drops findings about panics at integer overflow if the release's settings check overflow, or if a source causes such a panic itself. */
async function dropAllowedPanics(
  { workspace }: HarmDeps,
  { repo, commit }: Change,
  harmed: Array<{ harms: Harm[] }>,
): Promise<void> {
  const isPanic = ({ does }: Harm): boolean => does === PANICS.does;
  if (!harmed.some(({ harms }) => harms.some(isPanic))) return;
  const [settings, words] = await Promise.all([
    workspace.search({ ...repo, commit }, 'overflow-checks'),
    workspace.search({ ...repo, commit }, 'overflow'),
  ]);
  const isAllowed =
    settings.some(({ path, text }) => path.endsWith('.toml') && CHECKED_IN_RELEASE.test(text)) ||
    words.some(({ path, text }) => path.endsWith('.rs') && OVERFLOWS_ITSELF.test(text));
  if (isAllowed) for (const file of harmed) file.harms = file.harms.filter((harm) => !isPanic(harm));
}

function isSearched({ runners }: Pick<HarmDeps, 'runners'>, path: string): boolean {
  return harmKindOf(path, runners) !== undefined;
}

/** Finds harm in the changed files, and in the edits of files that the base has. */
async function findHarm(deps: HarmDeps, { repo, base, commit, files }: Change): Promise<HarmOfText[]> {
  const kinds = new Map(
    files.flatMap(({ path, status }) => {
      const kind = status === 'deleted' ? undefined : harmKindOf(path, deps.runners);
      return kind === undefined ? [] : [[path, kind] as const];
    }),
  );
  const texts = await deps.workspace.contents({ ...repo, commit }, [...kinds.keys()]);
  if (texts.size === 0) return [];
  const pathsAtBase = files.filter(({ path, status }) => status !== 'added' && texts.has(path)).map(({ path }) => path);
  const [before, diff] =
    pathsAtBase.length === 0
      ? [new Map<string, string>(), '']
      : await Promise.all([
          deps.workspace.contents({ ...repo, commit: base }, pathsAtBase),
          deps.workspace.diff(repo, base, commit),
        ]);
  const inputs = [...texts].flatMap(([path, text]) => {
    const [kind, textAtBase] = [kinds.get(path), before.get(path)];
    return kind === undefined
      ? []
      : [{ path, text, kind, ...(textAtBase === undefined ? {} : { before: textAtBase }) }];
  });
  const found = await runReader(deps, 'harm', { files: inputs, diff });
  return found.map((file) => ({ ...file, text: texts.get(file.path) ?? '' }));
}

async function harmsOf(
  { harms, hosts }: HarmfulLines,
  isForeignHost: (host: string) => Promise<boolean>,
): Promise<Harm[]> {
  const found = [...harms];
  for (const { host, does, line, to } of hosts)
    if (await isForeignHost(host))
      found.push({
        ...{ line, to, isNote: does === null },
        does: does ?? `names the new host ${host}`,
        why: 'neither the repository nor the request names the host',
      });
  return found;
}

/** Creates a check that is true for a host which neither the base nor the request names. It searches for each host once. */
export function createForeignHostCheck(
  { workspace }: Pick<Deps, 'workspace'>,
  { repo, base }: Pick<Change, 'repo' | 'base'>,
  request: StartRequest,
): (host: string) => Promise<boolean> {
  const requestText = JSON.stringify(request).toLowerCase();
  const checkedHosts = new Map<string, Promise<boolean>>();
  return (host) => {
    const known = checkedHosts.get(host);
    if (known !== undefined) return known;
    const answer = requestText.includes(host)
      ? Promise.resolve(false)
      : workspace.filesWith({ ...repo, commit: base }, host).then((found) => found.length === 0);
    checkedHosts.set(host, answer);
    return answer;
  };
}

/** Gives the lines that changed files had at the base. */
async function knownLines(deps: HarmDeps, change: Change): Promise<ReadonlySet<string>> {
  const before = await textsBefore(deps, change, (path) => isSearched(deps, path));
  return new Set([...before.values()].flatMap((text) => text.split('\n').map((row) => wordsOf([row]))));
}

async function keepHarm(
  { artifacts }: Pick<Deps, 'artifacts'>,
  { path, text, harms, known }: { path: string; text: string; harms: Harm[]; known: ReadonlySet<string> },
): Promise<{ file: HarmOfFile | null; notes: string[] }> {
  const rows = text.split('\n');
  const fresh = harms
    .map((one) => ({ ...one, rows: rows.slice(one.line - 1, one.to) }))
    .filter((one) => one.gone !== undefined || !one.rows.every((row) => known.has(wordsOf([row]))))
    .map((one) => ({
      ...one,
      text: one.gone === undefined ? wordsOf(one.rows) : `${wordsOf(one.rows)} (was: ${one.gone})`,
    }))
    .sort((a, b) => a.line - b.line);
  const notes = notesOf(
    path,
    fresh.filter(({ isNote }) => isNote),
  );
  const lines = fresh
    .filter(({ isNote }) => !isNote)
    .map(({ line, does, why, text: lineText }) => ({ line, does, why, text: lineText }));
  if (lines.length === 0) return { file: null, notes };
  const { digest } = await artifacts.put(harmText({ path, lines }));
  return { file: { path, lines, digest }, notes };
}

const MAX_LINES = 12;

/** Writes one note for all lines of a file that do the same. */
function notesOf(path: string, harms: ReadonlyArray<Pick<Harm, 'line' | 'does'>>): string[] {
  return [...groupBy(harms, ({ does }) => does)].map(([does, group]) => {
    const lines = group.map(({ line }) => line);
    const more = lines.length > MAX_LINES ? ` and ${lines.length - MAX_LINES} more` : '';
    const [first] = lines;
    if (lines.length === 1) return `${path}:${first} ${does}`;
    return `${path} ${does}: lines ${lines.slice(0, MAX_LINES).join(', ')}${more}`;
  });
}
