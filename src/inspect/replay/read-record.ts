/**
 * Reads what recording variants wrote while tests ran, and the reports of the replay. Foreign code can write there, too, so lines
 * that are no record are skipped. Pure.
 */
import type { RecordedCall, RecordedGroup, Trial } from '../../domain/experiments/replay-setting';
import { isObject } from '../../domain/json';
import type { JsonObject } from '../../domain/json';

const KINDS = ['cjs', 'esm', 'python'] as const;
const MAX_CALLS = 400;

/** `paths`: the files that had a recorder; records that name other files are ignored. */
export function readGroups(texts: string[], paths: ReadonlySet<string>): RecordedGroup[] {
  const groups = new Map<string, RecordedGroup>();
  for (const line of texts.flatMap((text) => text.split('\n'))) {
    const found = parse(line);
    const id = found?.['group'];
    if (found === undefined || typeof id !== 'string') continue;
    const group = groups.get(id);
    if (group === undefined) {
      const newGroup = groupOf(id, found);
      if (newGroup !== undefined) groups.set(id, newGroup);
      continue;
    }
    if ('stack' in found) {
      if (group.stack.length === 0) group.stack = textsOf(found['stack']);
      // Adds variables that tests set before the first call. The earlier values win, since runners name the running test in variables.
      group.env = { ...variablesOf(found['env']), ...group.env };
    }
    const call = callOf(found);
    // Tests can load a module again, which resets its state. Only calls of its first instance are replayed.
    if (call !== undefined && found['instance'] === 1 && paths.has(call.path)) group.calls.push(call);
  }
  return withoutRepeats([...groups.values()].map(withSortedCalls));
}

function parse(line: string): JsonObject | undefined {
  // Most lines of a foreign report are no JSON, and an exception for each of them takes long.
  if (!/^\s*\{/.test(line)) return undefined;
  try {
    const found: unknown = JSON.parse(line);
    return isObject(found) ? found : undefined;
  } catch {
    return undefined;
  }
}

function groupOf(id: string, line: JsonObject): RecordedGroup | undefined {
  const { argv, cwd, env, main } = line;
  if (!Array.isArray(argv) || typeof cwd !== 'string' || !isObject(env)) return undefined;
  return {
    ...{ id, argv: textsOf(argv), execArgv: textsOf(line['execArgv']), cwd, env: variablesOf(env) },
    ...{ globals: textsOf(line['globals']), main: typeof main === 'string' ? main : null, stack: [] },
    ...{ modules: textsOf(line['modules']), search: textsOf(line['search']), calls: [] },
  };
}

function variablesOf(value: unknown): Record<string, string> {
  const found = Object.entries(isObject(value) ? value : {});
  return Object.fromEntries(found.filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}

function callOf({ n, path, kind: givenKind, name, module, args, answer }: JsonObject): RecordedCall | undefined {
  const kind = KINDS.find((one) => one === givenKind);
  if (kind === undefined || typeof n !== 'number' || typeof args !== 'string' || typeof answer !== 'string')
    return undefined;
  if (typeof path !== 'string' || typeof name !== 'string') return undefined;
  return { n, path, kind, name, args, answer, ...(typeof module === 'string' && { module }) };
}

/** Sorts the calls in the order in which they began, which the replay uses; the recorder writes each call when it ends. */
function withSortedCalls(group: RecordedGroup): RecordedGroup {
  const calls = [...new Map(group.calls.map((call) => [call.n, call])).values()];
  return { ...group, calls: calls.sort((one, other) => one.n - other.n).slice(0, MAX_CALLS) };
}

/** Returns the groups with the most calls first, without groups that make the same calls as an earlier one. */
function withoutRepeats(groups: RecordedGroup[]): RecordedGroup[] {
  const seen = new Set<string>();
  return groups
    .filter(({ calls }) => calls.length > 0)
    .sort((one, other) => other.calls.length - one.calls.length)
    .filter(({ calls }) => {
      const key = JSON.stringify(calls.map(({ path, name, args, answer }) => [path, name, args, answer]));
      return seen.size < seen.add(key).size;
    });
}

/** Reads the report of `ask.cjs` and `ask.py`. Returns undefined if a call has two answers: then another program wrote there, too. */
export function readAnswers(report: string): Map<number, string> | undefined {
  const answers = new Map<number, string>();
  for (const line of report.split('\n')) {
    const { n, answer, trial } = parse(line) ?? {};
    if (trial !== undefined || typeof n !== 'number' || typeof answer !== 'string') continue;
    if (answers.has(n)) return undefined;
    answers.set(n, answer);
  }
  return answers;
}

const TRIALS = ['first', 'altered', 'collected', 'at_once', 'thread', 'many', 'day_later'] as const;

/** Reads the report of `stay.cjs` and `stay.py`. Returns undefined if its last line is missing: then the report is incomplete. */
export function readTrials(report: string): Trial[] | undefined {
  let isComplete = false;
  const trials = report.split('\n').flatMap((line): Trial[] => {
    const { n, trial, at, answer, end } = parse(line) ?? {};
    if (typeof end === 'number') isComplete = true;
    const kind = TRIALS.find((one) => one === trial);
    if (kind === undefined || typeof n !== 'number' || typeof at !== 'number' || typeof answer !== 'string') return [];
    return [{ n, kind, at, answer }];
  });
  return isComplete ? trials : undefined;
}
