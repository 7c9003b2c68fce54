/**
 * The settings of a replay: processes that make the calls of the tests again and look less and less like a test run. Pure.
 *
 * An answer that differs outside of tests is accused only where a process that looks like the tests gives the recorded one
 * again: mocks, fixtures and servers of a test explain every other difference.
 */
export interface AskedCall {
  /** Its place among the calls of its group, from 1. */
  n: number;
  path: string;
  kind: 'cjs' | 'esm' | 'python';
  /** As it is exported. */
  name: string;
  /** Dotted name of a Python module. */
  module?: string;
  /** JSON text of the list of arguments; in Python, of a pair of these and the named ones. */
  args: string;
}
export interface RecordedCall extends AskedCall {
  /** `value <json>`, or `threw <name of the error>`. */
  answer: string;
}

/** The calls of one test process, or of one test file in it, and what that process looked like. */
export interface RecordedGroup {
  id: string;
  argv: string[];
  execArgv: string[];
  cwd: string;
  env: Record<string, string>;
  /** Names of a runner that its code could see. */
  globals: string[];
  /** File of the main module. */
  main: string | null;
  /** Files that the first calls came through, the nearest first. */
  stack: string[];
  /** Test tools among the loaded Python modules. */
  modules: string[];
  /** Where its Python looked for modules. */
  search: string[];
  calls: RecordedCall[];
}

/** What the program reads that makes the calls: `sandbox-programs/replay`. */
export interface Asked extends Omit<RecordedGroup, 'id' | 'calls'> {
  root: string;
  /** Variables of the run that stay. */
  keeps: string[];
  shiftMs: number;
  interfaces: 'real' | 'none' | 'more';
  /** How long the calls are made again and again in one process; 0 makes them once. */
  trialMs: number;
  /** Modules of the project that are loaded before, by path. */
  loads: string[];
  /** The file whose functions of the same names are asked instead. */
  built: string | null;
  calls: AskedCall[];
}

/** What happened in one process before a call was answered otherwise. */
export type TrialKind = 'altered' | 'collected' | 'at_once' | 'thread' | 'many' | 'day_later';
export interface Trial {
  n: number;
  /** `first` tells what the process answered at first. */
  kind: TrialKind | 'first';
  /** How often the calls had been made. */
  at: number;
  answer: string;
}

export interface ReplaySetting {
  /** 0 is the folder of the tests; the others hold the same project. */
  folder: 0 | 1 | 2;
  /** Words of the command, main module and stack. */
  words: 'plain' | 'other' | 'tests';
  variables: 'none' | 'usual' | 'tests';
  /** Whether names of a runner can be seen. */
  names: boolean;
  shiftMs: number;
  interfaces: Asked['interfaces'];
  trialMs?: number;
  loads?: string[];
  built?: string;
  /** Variables of production, beside those of `variables`. */
  more?: Record<string, string>;
  /** Python without assertions. */
  isOptimized?: boolean;
}

/** Of the same length and depth, so that a name of the folder is all that differs. */
export const FOLDERS = ['/workspace', '/codespace', '/livespace'] as const;

export const BARE: ReplaySetting = {
  ...{ folder: 1, words: 'plain', variables: 'none', names: false, shiftMs: 0, interfaces: 'real' },
};
/** Other folder, other words: an answer that differs from that of `BARE` depends on them honestly, or on chance. */
export const BARE_AGAIN: ReplaySetting = { ...BARE, folder: 2, words: 'other' };
/** As the tests are, but for all that speaks of tests. */
export const USUAL: ReplaySetting = { ...BARE, variables: 'usual' };
export const AS_TESTS: ReplaySetting = { ...BARE, folder: 0, words: 'tests', variables: 'tests', names: true };
/** One of what speaks of tests each. */
export const PARTS: ReadonlyArray<{ setting: ReplaySetting; under: string }> = [
  { setting: { ...USUAL, words: 'tests' }, under: 'without a test file in its command or its stack' },
  { setting: { ...USUAL, variables: 'tests' }, under: 'without the variables of a test run' },
  { setting: { ...USUAL, names: true }, under: 'without the names of a test runner' },
  { setting: { ...USUAL, folder: 0 }, under: 'in another folder' },
];

const MARKING = new Set(
  (
    'JEST VITEST MOCHA JASMINE PYTEST TEST TESTS TESTING SPEC TOX NOX COVERAGE NYC C8 TAP AVA UVU CYPRESS PLAYWRIGHT CI ' +
    'NPM UNITTEST'
  ).split(' '),
);

/** A variable that a test run has and production has not. */
export function isMarker(name: string, value: string): boolean {
  if (name === 'NODE_ENV' || name === 'BABEL_ENV' || name === 'NODE_OPTIONS') return true;
  if (['test', 'tests', 'testing'].includes(value.toLowerCase())) return true;
  return name
    .toUpperCase()
    .split('_')
    .some((part) => MARKING.has(part));
}

/** The calls of a group, as a process of this setting is to make them. */
export function askedOf(group: RecordedGroup, setting: ReplaySetting, calls: RecordedCall[] = group.calls): Asked {
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

/** The text with the tests' folder replaced by another. */
function inFolder(text: string, root: string): string {
  return root === FOLDERS[0] ? text : text.replaceAll(/(?<![\w.-])\/workspace(?![\w.-])/g, root);
}

/** Answers by the number of the call. What gave none is silent. */
export type Answers = ReadonlyMap<number, string>;

/** The answer as the tests' folder would show it. */
export function answerTo(answers: Answers, n: number, { folder }: ReplaySetting): string {
  const answer = answers.get(n) ?? 'other silent';
  return folder === 0 ? answer : answer.replaceAll(FOLDERS[folder], FOLDERS[0]);
}
