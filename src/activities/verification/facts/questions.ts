/**
 * Lines that a change adds and that ask whether the program is tested. A line that the base had in the same file, or that the
 * change took from another one, is none of them.
 */
import { questionsText } from '../../../domain/gates/asks-whether-tested';
import type { QuestionsOfFile } from '../../../domain/gates/facts';
import { askingLines, mayAsk } from '../../../inspect/asks/asking-lines';
import type { AskingLine } from '../../../inspect/asks/asking-lines';
import { isAsked } from '../../../inspect/asks/asked-files';
import type { Deps } from '../../deps';
import type { Change } from './change';

type Needs = Pick<Deps, 'workspace' | 'artifacts'> & { runners: Pick<Deps['runners'], 'protects'> };

export async function readQuestions(deps: Needs, change: Change): Promise<QuestionsOfFile[]> {
  const { workspace } = deps;
  const { repo, base, commit, files, added } = change;
  const hinted = added.lines.filter(({ path, text }) => mayAsk(text) && isAsked(path, deps.runners));
  const paths = [...new Set(hinted.map(({ path }) => path))];
  const texts = await workspace.contents({ ...repo, commit }, paths);
  const asking = [...texts].flatMap(([path, text]) => {
    const lines = askingLines(path, text).filter((one) => isAdded(change, path, one));
    return lines.length === 0 ? [] : [{ path, text, lines }];
  });
  if (asking.length === 0) return [];
  // What was read before, so that a line that only moved is no news.
  const shrunk = files.filter(({ removed, status }) => removed > 0 && status !== 'added').map(({ path }) => path);
  const before = await workspace.contents(
    { ...repo, commit: base },
    shrunk.filter((path) => isAsked(path, deps.runners)),
  );
  const known = knownQuestions(before);
  const kept = asking.map((one) => keepQuestions(deps, { ...one, known }));
  return (await Promise.all(kept)).filter((one) => one.lines.length > 0);
}

function isAdded({ added }: Change, path: string, { line, to }: AskingLine): boolean {
  return !added.isWhole || added.lines.some((one) => one.path === path && one.line >= line && one.line <= to);
}

/** Lines of changed files at the base that asked already. */
function knownQuestions(before: ReadonlyMap<string, string>): Set<string> {
  const known = new Set<string>();
  for (const [path, text] of before) {
    const rows = text.split('\n');
    for (const one of askingLines(path, text)) known.add(wordsOf(rows, one));
  }
  return known;
}

function wordsOf(rows: string[], { line, to }: AskingLine): string {
  return rows
    .slice(line - 1, to)
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim();
}

async function keepQuestions(
  { artifacts }: Pick<Deps, 'artifacts'>,
  { path, text, lines, known }: { path: string; text: string; lines: AskingLine[]; known: ReadonlySet<string> },
): Promise<QuestionsOfFile> {
  const rows = text.split('\n');
  const fresh = lines
    .map((one) => ({ line: one.line, asks: one.asks, text: wordsOf(rows, one) }))
    .filter((one) => !known.has(one.text));
  if (fresh.length === 0) return { path, lines: [], digest: '' };
  const { digest } = await artifacts.put(questionsText({ path, lines: fresh }));
  return { path, lines: fresh, digest };
}
