/**
 * The mock model's answers in each step of each role: two steps of reading and writing, the third by the moment of the kill, and
 * the finish. The outputs are those of the dark-mode example, right at the first attempt.
 */
import { readScript } from '../../../src/adapters/models/script-file';
import type { ScriptAnswer } from '../../../src/adapters/models/script-file';
import type { Phase } from '../../../src/domain/roles';
import { DARK_MODE_SCRIPT } from '../../fixture';

/** When in the third step the worker is killed. */
export type Moment =
  'before the request arrives' | 'while the answer streams' | 'after the last byte' | 'tool' | 'finish';

interface Called {
  name: string;
  input: object;
}
interface FileOut {
  path: string;
  content: string;
}

/** What the third step adds to a file; a tool that was carried out twice on one tree would leave it there twice. */
export const MARK = 'Added in the third step.';
/** In the command line of the tool that runs while the worker is killed. */
export const RUN_MARK = 'runs-in-the-third-step';
/** As long as the command of the third step runs: there must be time to see it and to kill. */
const RUN_MS = 4_000;
/** As many calls as a turn may have. */
const SEARCHES = 30;
/** What git searches in each of them for a tenth of a second: lines that no way through the pattern fits. */
export const SLOW_NOTES = `${'word '.repeat(80)}\n`.repeat(250);

const script = readScript(DARK_MODE_SCRIPT);

/** The calls of one answer, in order; `finish` ends the phase. Undefined past the last step. */
export function answerIn(phase: Phase, step: number, moment: Moment): Called[] | undefined {
  const before = STEPS[phase]();
  const third = moment === 'finish' ? [] : [thirdStep(phase, moment === 'tool')];
  return [...before, ...third, [{ name: 'finish', input: outputOf(phase) }]][step - 1];
}

const LOOK: Called[] = [
  { name: 'list', input: {} },
  { name: 'read', input: { path: 'README.md' } },
];
const looking = (): Called[][] => [LOOK, [{ name: 'read', input: { path: 'package.json' } }]];
const STEPS: Record<Phase, () => Called[][]> = {
  discovery: looking,
  planning: looking,
  implementation: () => [
    [...LOOK, ...['index.html', 'styles.css', 'src/main.js'].map((path) => ({ name: 'read', input: { path } }))],
    codeFiles().map((input) => ({ name: 'write', input })),
  ],
  testing: () => [LOOK, filesIn('testing', 'tests_added').map((input) => ({ name: 'write', input }))],
  verification: looking,
  deployment: looking,
};

/** `isSlow`: it takes seconds, so that the worker dies in the middle of it. */
function thirdStep(phase: Phase, isSlow: boolean): Called[] {
  const change = CHANGES[phase];
  if (change !== undefined) return [{ name: 'append', input: change }, ...(isSlow ? [slowRun()] : [])];
  if (!isSlow) return [{ name: 'search', input: { text: 'notes' } }];
  return Array.from({ length: SEARCHES }, (_, at) => ({ name: 'search', input: { pattern: `.*.*.*d{${at + 1}}$` } }));
}

export const CHANGES: Partial<Record<Phase, { path: string; content: string }>> = {
  implementation: { path: 'README.md', content: `\n${MARK}\n` },
  testing: { path: 'test/theme.audit.test.js', content: `\n// ${MARK}\n` },
};

function slowRun(): Called {
  const code = `setTimeout(() => console.log('done'), ${RUN_MS}) // ${RUN_MARK}`;
  return { name: 'run', input: { command: ['node', '-e', code] } };
}

function outputOf(phase: Phase): object {
  const output = lastAnswer(phase, 0)?.output ?? {};
  if (phase === 'implementation') return { ...output, files: [] };
  return phase === 'testing' ? { ...output, tests_added: [] } : output;
}

/** The first attempt's files, with the module of the second, which mends the mistake. */
function codeFiles(): FileOut[] {
  const mended = filesIn('implementation', 'files', 1);
  return filesIn('implementation', 'files').map((file) => mended.find(({ path }) => path === file.path) ?? file);
}

function filesIn(phase: Phase, member: string, attempt = 0): FileOut[] {
  return (lastAnswer(phase, attempt)?.output?.[member] ?? []) as FileOut[];
}

function lastAnswer(phase: Phase, attempt: number): ScriptAnswer | undefined {
  return script.phases[phase]?.[attempt]?.at(-1);
}
