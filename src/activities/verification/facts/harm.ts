/**
 * Lines that a change adds and that can do harm whatever tests say. A line that the base had in the same file, or that the change took
 * from another one, is none of them; neither is a host that the base or the request names.
 */
import { changesOf } from '../../../domain/experiments/changed-files';
import { harmText } from '../../../domain/gates/harmful-lines';
import type { HarmFacts, HarmOfFile } from '../../../domain/harm';
import { alteredHarms } from '../../../inspect/harm/altered/altered';
import { harmKindOf } from '../../../inspect/harm/harmed-files';
import { harmfulLines } from '../../../inspect/harm/harmful-lines';
import type { HarmfulLines } from '../../../inspect/harm/harmful-lines';
import { CHECKED_IN_RELEASE, OVERFLOWS_ITSELF, PANICS } from '../../../inspect/harm/panics';
import type { Harm } from '../../../inspect/harm/rule';
import type { StartRequest } from '../../../requests/start-request';
import type { Deps } from '../../deps';
import { addedIn, textsBefore, wordsOf } from './added-rows';
import type { Change } from './change';

type Needs = Pick<Deps, 'workspace' | 'artifacts'> & { runners: Pick<Deps['runners'], 'protects'> };
type Found = Pick<HarmFacts, 'files' | 'notes'>;

export async function readHarm(deps: Needs, change: Change, request: StartRequest): Promise<Found> {
  const { repo, commit, files } = change;
  const paths = files
    .filter(({ path, status }) => status !== 'deleted' && isSearched(deps, path))
    .map(({ path }) => path);
  const texts = await deps.workspace.contents({ ...repo, commit }, paths);
  const isNew = hostsOf(deps, change, request);
  const isAdded = addedIn(change);
  const altered = await alteredIn(deps, change, texts);
  const harmed: Array<{ path: string; text: string; harms: Harm[] }> = [];
  for (const [path, text] of texts) {
    const harms = await harmsOf(searched(deps, path, text), isNew);
    const fresh = [...harms.filter((one) => isAdded(path, one)), ...(altered.get(path) ?? [])];
    if (fresh.length > 0) harmed.push({ path, text, harms: fresh });
  }
  await settlePanics(deps, change, harmed);
  if (harmed.length === 0) return { files: [], notes: [] };
  const known = await knownLines(deps, change);
  const kept = await Promise.all(harmed.map((one) => keepHarm(deps, { ...one, known })));
  return { files: kept.flatMap(({ file }) => file ?? []), notes: kept.flatMap(({ notes }) => notes) };
}

/** Arithmetic panics in a release where its manifest says so; and a source may panic by itself, in the same word. */
async function settlePanics(
  { workspace }: Needs,
  { repo, commit }: Change,
  harmed: Array<{ harms: Harm[] }>,
): Promise<void> {
  const isPanic = ({ does }: Harm): boolean => does === PANICS.does;
  if (!harmed.some(({ harms }) => harms.some(isPanic))) return;
  const [settings, words] = await Promise.all([
    workspace.search({ ...repo, commit }, 'overflow-checks'),
    workspace.search({ ...repo, commit }, 'overflow'),
  ]);
  const isSettled =
    settings.some(({ path, text }) => path.endsWith('.toml') && CHECKED_IN_RELEASE.test(text)) ||
    words.some(({ path, text }) => path.endsWith('.rs') && OVERFLOWS_ITSELF.test(text));
  if (isSettled) for (const one of harmed) one.harms = one.harms.filter((harm) => !isPanic(harm));
}

function isSearched({ runners }: Pick<Needs, 'runners'>, path: string): boolean {
  return harmKindOf(path, runners) !== undefined;
}

function searched({ runners }: Pick<Needs, 'runners'>, path: string, text: string): HarmfulLines {
  const kind = harmKindOf(path, runners);
  return kind === undefined ? { harms: [], hosts: [] } : harmfulLines(path, text, kind);
}

/** Harm that shows beside what stood there before, by path. */
async function alteredIn(
  { workspace }: Needs,
  { repo, base, commit, files }: Change,
  texts: ReadonlyMap<string, string>,
): Promise<Map<string, Harm[]>> {
  const known = files.filter(({ path, status }) => status !== 'added' && texts.has(path)).map(({ path }) => path);
  if (known.length === 0) return new Map();
  const [before, diff] = await Promise.all([
    workspace.contents({ ...repo, commit: base }, known),
    workspace.diff(repo, base, commit),
  ]);
  const changes = changesOf(diff);
  return new Map(
    known.map((path) => {
      const [was, after, change] = [before.get(path), texts.get(path), changes.get(path)];
      const isKnown = was !== undefined && after !== undefined && change !== undefined;
      return [path, isKnown ? alteredHarms({ path, before: was, after, change }) : []];
    }),
  );
}

async function harmsOf({ harms, hosts }: HarmfulLines, isNew: (host: string) => Promise<boolean>): Promise<Harm[]> {
  const found = [...harms];
  for (const { host, does, line, to } of hosts)
    if (await isNew(host))
      found.push({
        ...{ line, to, isNote: does === null },
        does: does ?? `names the new host ${host}`,
        why: 'neither the repository nor the request names the host',
      });
  return found;
}

/** Asks for each host once. */
export function hostsOf(
  { workspace }: Pick<Deps, 'workspace'>,
  { repo, base }: Pick<Change, 'repo' | 'base'>,
  request: StartRequest,
): (host: string) => Promise<boolean> {
  const said = JSON.stringify(request).toLowerCase();
  const asked = new Map<string, Promise<boolean>>();
  return (host) => {
    const known = asked.get(host);
    if (known !== undefined) return known;
    const answer = said.includes(host)
      ? Promise.resolve(false)
      : workspace.filesWith({ ...repo, commit: base }, host).then((found) => found.length === 0);
    asked.set(host, answer);
    return answer;
  };
}

/** Lines of changed files at the base that did so already. */
async function knownLines(deps: Needs, change: Change): Promise<ReadonlySet<string>> {
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
    .map(({ line, does, why, text: said }) => ({ line, does, why, text: said }));
  if (lines.length === 0) return { file: null, notes };
  const { digest } = await artifacts.put(harmText({ path, lines }));
  return { file: { path, lines, digest }, notes };
}

const LINES_LIMIT = 12;

/** One note for all lines of a file that do the same. */
function notesOf(path: string, harms: ReadonlyArray<Pick<Harm, 'line' | 'does'>>): string[] {
  const byDeed = new Map<string, number[]>();
  for (const { line, does } of harms) byDeed.set(does, [...(byDeed.get(does) ?? []), line]);
  return [...byDeed].map(([does, lines]) => {
    const more = lines.length > LINES_LIMIT ? ` and ${lines.length - LINES_LIMIT} more` : '';
    const [first] = lines;
    if (lines.length === 1) return `${path}:${first} ${does}`;
    return `${path} ${does}: lines ${lines.slice(0, LINES_LIMIT).join(', ')}${more}`;
  });
}
