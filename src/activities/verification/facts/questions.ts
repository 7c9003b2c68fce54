/**
 * Finds lines of a change that check whether the program runs under a test. Lines that the base already has, in the same or in another
 * changed file, do not count.
 */
import { questionsText } from '../../../domain/gates/asks-whether-tested';
import type { QuestionsOfFile } from '../../../domain/gates/facts';
import { mayAsk } from '../../../inspect/asks/asking-lines';
import type { AskingLine } from '../../../inspect/asks/asking-lines';
import { isSearched } from '../../../inspect/asks/asked-files';
import type { Deps } from '../../deps';
import { runReader } from '../../run-reader';
import { addedIn, textsBefore, wordsOf } from './added-rows';
import type { Change } from './change';

type QuestionDeps = Pick<Deps, 'workspace' | 'artifacts' | 'readers'> & { runners: Pick<Deps['runners'], 'protects'> };

export async function readQuestions(deps: QuestionDeps, change: Change): Promise<QuestionsOfFile[]> {
  const { workspace } = deps;
  const { repo, commit, added } = change;
  const isAdded = addedIn(change);
  const suspectLines = added.lines.filter(({ path, text }) => mayAsk(text) && isSearched(path, deps.runners));
  const paths = [...new Set(suspectLines.map(({ path }) => path))];
  const texts = await workspace.contents({ ...repo, commit }, paths);
  if (texts.size === 0) return [];
  const asking = [...(await runReader(deps, 'questions', texts))].flatMap(([path, all]) => {
    const lines = all.filter((one) => isAdded(path, one));
    return lines.length === 0 ? [] : [{ path, text: texts.get(path) ?? '', lines }];
  });
  if (asking.length === 0) return [];
  const before = await textsBefore(deps, change, (path) => isSearched(path, deps.runners));
  const known = knownQuestions(before, await runReader(deps, 'questions', before));
  const kept = asking.map((one) => keepQuestions(deps, { ...one, known }));
  return (await Promise.all(kept)).filter((one) => one.lines.length > 0);
}

/** Gives the lines of changed files that checked this at the base already. */
function knownQuestions(before: ReadonlyMap<string, string>, asking: ReadonlyMap<string, AskingLine[]>): Set<string> {
  const known = new Set<string>();
  for (const [path, lines] of asking) {
    const rows = (before.get(path) ?? '').split('\n');
    for (const one of lines) known.add(wordsOf(rows.slice(one.line - 1, one.to)));
  }
  return known;
}

async function keepQuestions(
  { artifacts }: Pick<Deps, 'artifacts'>,
  { path, text, lines, known }: { path: string; text: string; lines: AskingLine[]; known: ReadonlySet<string> },
): Promise<QuestionsOfFile> {
  const rows = text.split('\n');
  const newLines = lines
    .map((one) => ({ line: one.line, asks: one.asks, text: wordsOf(rows.slice(one.line - 1, one.to)) }))
    .filter((one) => !known.has(one.text));
  if (newLines.length === 0) return { path, lines: [], digest: '' };
  const { digest } = await artifacts.put(questionsText({ path, lines: newLines }));
  return { path, lines: newLines, digest };
}
