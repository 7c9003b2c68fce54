/**
 * The settings of a replay: processes that repeat the calls of the tests and resemble a test run less and less. Pure.
 *
 * A differing answer is a finding only if a process that resembles the test run gives the recorded answer again: otherwise the
 * mocks, fixtures and servers of the tests may explain the difference.
 */
export interface ReplayCall {
  /** The number of the call in its group, from 1. */
  n: number;
  path: string;
  kind: 'cjs' | 'esm' | 'python';
  /** The exported name of the function. */
  name: string;
  /** The dotted name of the Python module. */
  module?: string;
  /** JSON of the argument list; in Python, JSON of a pair of positional and named arguments. */
  args: string;
}
export interface RecordedCall extends ReplayCall {
  /** `value <json>`, or `threw <name of the error>`. */
  answer: string;
}

/** The calls of one test process, or of one test file in it, and the properties of that process. */
export interface RecordedGroup {
  id: string;
  argv: string[];
  execArgv: string[];
  cwd: string;
  env: Record<string, string>;
  /** Global names of a test runner that the code could see. */
  globals: string[];
  /** The file of the main module. */
  main: string | null;
  /** Files on the stack of the first calls, the nearest first. */
  stack: string[];
  /** Test tools among the loaded Python modules. */
  modules: string[];
  /** Python's module search path. */
  search: string[];
  calls: RecordedCall[];
}

/** The input of the replay program, `sandbox-programs/replay`. */
export interface ReplayInput extends Omit<RecordedGroup, 'id' | 'calls'> {
  root: string;
  /** Names of environment variables that the replay keeps. */
  keeps: string[];
  shiftMs: number;
  interfaces: 'real' | 'none' | 'more';
  /** How long, in milliseconds, one process repeats the calls; 0 makes them once. */
  trialMs: number;
  /** Paths of project modules that are loaded first. */
  loads: string[];
  /** A built file whose functions of the same names are called instead. */
  built: string | null;
  calls: ReplayCall[];
}

/** What happened in a process before a call got a different answer. */
export type TrialKind = 'altered' | 'collected' | 'at_once' | 'thread' | 'many' | 'day_later';
export interface Trial {
  n: number;
  /** `first` is the first answer of the process. */
  kind: TrialKind | 'first';
  /** How often the calls had been made before. */
  at: number;
  answer: string;
}

export interface ReplaySetting {
  /** 0 is the folder of the tests; the other folders hold a copy of the project. */
  folder: 0 | 1 | 2;
  /** The command line, main module and stack. */
  words: 'plain' | 'other' | 'tests';
  variables: 'none' | 'usual' | 'tests';
  /** True if global names of the test runner exist. */
  names: boolean;
  shiftMs: number;
  interfaces: ReplayInput['interfaces'];
  trialMs?: number;
  loads?: string[];
  built?: string;
  /** Variables of production, in addition to those of `variables`. */
  more?: Record<string, string>;
  /** Runs Python with assertions removed (-O). */
  isOptimized?: boolean;
}

/** Same length and depth, so that only the folder's name differs. */
export const FOLDERS = ['/workspace', '/codespace', '/livespace'] as const;

export const BARE: ReplaySetting = {
  ...{ folder: 1, words: 'plain', variables: 'none', names: false, shiftMs: 0, interfaces: 'real' },
};
/** Another folder and command line: an answer that differs from that of `BARE` depends on these, or on chance. */
export const BARE_AGAIN: ReplaySetting = { ...BARE, folder: 2, words: 'other' };
/** The variables of the test run, except those that identify a test run. */
export const USUAL: ReplaySetting = { ...BARE, variables: 'usual' };
export const AS_TESTS: ReplaySetting = { ...BARE, folder: 0, words: 'tests', variables: 'tests', names: true };
/** Settings that each add one sign of a test run. */
export const TEST_RUN_SIGNS: ReadonlyArray<{ setting: ReplaySetting; under: string }> = [
  { setting: { ...USUAL, words: 'tests' }, under: 'without a test file in its command or its stack' },
  { setting: { ...USUAL, variables: 'tests' }, under: 'without the variables of a test run' },
  { setting: { ...USUAL, names: true }, under: 'without the names of a test runner' },
  { setting: { ...USUAL, folder: 0 }, under: 'in another folder' },
];

const TEST_RUN_WORDS = new Set(
  (
    'JEST VITEST MOCHA JASMINE PYTEST TEST TESTS TESTING SPEC TOX NOX COVERAGE NYC C8 TAP AVA UVU CYPRESS PLAYWRIGHT CI ' +
    'NPM UNITTEST'
  ).split(' '),
);

/** True for a variable that exists in test runs but not in production. */
export function isMarker(name: string, value: string): boolean {
  if (name === 'NODE_ENV' || name === 'BABEL_ENV' || name === 'NODE_OPTIONS') return true;
  if (['test', 'tests', 'testing'].includes(value.toLowerCase())) return true;
  return name
    .toUpperCase()
    .split('_')
    .some((part) => TEST_RUN_WORDS.has(part));
}

/** Builds the input of a replay process: the calls of a group under one setting. */
export function replayInput(
  group: RecordedGroup,
  setting: ReplaySetting,
  calls: RecordedCall[] = group.calls,
): ReplayInput {
  const root = FOLDERS[setting.folder];
  const move = (text: string) => inFolder(text, root);
  const isAsTests = setting.words === 'tests';
  const python = group.calls[0]?.kind === 'python';
  const isOther = setting.words === 'other';
  const main = `${root}/${isOther ? 'app' : 'main'}.${python ? 'py' : 'js'}`;
  const plain = [...(python ? [] : ['node']), main, ...(isOther ? ['--verbose', 'serve'] : [])];
  return {
    root,
    cwd: move(group.cwd),
    argv: isAsTests ? group.argv.map(move) : plain,
    execArgv: isAsTests ? group.execArgv : [],
    main: isAsTests ? (group.main === null ? null : move(group.main)) : main,
    stack: isAsTests ? group.stack.map(move) : [],
    env: { ...variablesOf(group, setting, move), ...setting.more },
    keeps: ['PATH', 'HOME'],
    globals: setting.names ? group.globals : [],
    modules: setting.names ? group.modules : [],
    search: group.search.filter((place) => place.startsWith(FOLDERS[0])).map(move),
    ...{ shiftMs: setting.shiftMs, interfaces: setting.interfaces },
    ...{ trialMs: setting.trialMs ?? 0, loads: setting.loads ?? [], built: setting.built ?? null },
    calls: calls.map(({ answer: _, ...call }) => ({ ...call, args: move(call.args) })),
  };
}

function variablesOf({ env }: RecordedGroup, { variables }: ReplaySetting, move: (text: string) => string) {
  if (variables === 'none') return {};
  const found = Object.entries(env).filter(
    ([name, value]) => name !== 'PATH' && name !== 'HOME' && (variables === 'tests' || !isMarker(name, value)),
  );
  return Object.fromEntries(found.map(([name, value]) => [name, move(value)]));
}

/** Replaces the tests' folder in a text by another folder. */
function inFolder(text: string, root: string): string {
  return root === FOLDERS[0] ? text : text.replaceAll(/(?<![\w.-])\/workspace(?![\w.-])/g, root);
}

/** Answers by the number of the call. */
export type Answers = ReadonlyMap<number, string>;

/** Returns an answer with the replay's folder replaced by the tests' folder; a missing answer counts as silent. */
export function answerAtTestFolder(answers: Answers, n: number, { folder }: ReplaySetting): string {
  const answer = answers.get(n) ?? 'other silent';
  return folder === 0 ? answer : answer.replaceAll(FOLDERS[folder], FOLDERS[0]);
}
