/**
 * The mock model's answers in each step of each role: two steps of reading and writing, the third by the moment of the kill, and
 * the finish. The outputs are those of the dark-mode example, right at the first attempt.
 */
import { readScript } from '../../../src/adapters/models/script-file';
import type { ScriptAnswer } from '../../../src/adapters/models/script-file';
import type { Phase } from '../../../src/domain/roles';
import { DARK_MODE_SCRIPT } from '../../fixture';

/** The moment of the third step at which the worker is killed. */
export type Moment =
  'before the request arrives' | 'while the answer streams' | 'after the last byte' | 'tool' | 'finish';

interface ToolCall {
  name: string;
  input: object;
}
interface OutputFile {
  path: string;
  content: string;
}

/** The text that the third step adds to a file. If a tool ran twice on one tree, the text would be there twice. */
export const MARK = 'Added in the third step.';
/** A text in the command line of the tool that runs while the worker is killed. */
export const RUN_MARK = 'runs-in-the-third-step';
/** How long the command of the third step runs: the test needs time to see it and to kill the worker. */
const RUN_MS = 4_000;
/** The largest number of calls that one answer may have. */
const SEARCHES = 30;
/** Lines on which each search takes git a tenth of a second, because no way to read the pattern matches. */
export const SLOW_NOTES = `${'word '.repeat(80)}\n`.repeat(250);

const script = readScript(DARK_MODE_SCRIPT);

/** The calls of one answer, in order; `finish` ends the phase. Undefined past the last step. */
export function answerIn(phase: Phase, step: number, moment: Moment): ToolCall[] | undefined {
  const firstSteps = STEPS[phase]();
  const third = moment === 'finish' ? [] : [thirdStep(phase, moment === 'tool')];
  return [...firstSteps, ...third, [{ name: 'finish', input: outputOf(phase) }]][step - 1];
}

const READ_CALLS: ToolCall[] = [
  { name: 'list', input: {} },
  { name: 'read', input: { path: 'README.md' } },
];
const readSteps = (): ToolCall[][] => [READ_CALLS, [{ name: 'read', input: { path: 'package.json' } }]];
const STEPS: Record<Phase, () => ToolCall[][]> = {
  discovery: readSteps,
  planning: readSteps,
  implementation: () => [
    [...READ_CALLS, ...['index.html', 'styles.css', 'src/main.js'].map((path) => ({ name: 'read', input: { path } }))],
    codeFiles().map((input) => ({ name: 'write', input })),
  ],
  testing: () => [READ_CALLS, filesIn('testing', 'tests_added').map((input) => ({ name: 'write', input }))],
  verification: readSteps,
  deployment: readSteps,
};

/** `isSlow`: the step takes seconds, so that the worker dies while it runs. */
function thirdStep(phase: Phase, isSlow: boolean): ToolCall[] {
  const change = CHANGES[phase];
  if (change !== undefined) return [{ name: 'append', input: change }, ...(isSlow ? [slowRun()] : [])];
  if (!isSlow) return [{ name: 'search', input: { text: 'notes' } }];
  return Array.from({ length: SEARCHES }, (_, at) => ({ name: 'search', input: { pattern: `.*.*.*d{${at + 1}}$` } }));
}

export const CHANGES: Partial<Record<Phase, { path: string; content: string }>> = {
  implementation: { path: 'README.md', content: `\n${MARK}\n` },
  testing: { path: 'test/theme.audit.test.js', content: `\n// ${MARK}\n` },
};

function slowRun(): ToolCall {
  const code = `setTimeout(() => console.log('done'), ${RUN_MS}) // ${RUN_MARK}`;
  return { name: 'run', input: { command: ['node', '-e', code] } };
}

function outputOf(phase: Phase): object {
  const output = lastAnswer(phase, 0)?.output ?? {};
  if (phase === 'implementation') return { ...output, files: [] };
  return phase === 'testing' ? { ...output, tests_added: [] } : output;
}

/** The first attempt's files, with the module of the second, which mends the mistake. */
function codeFiles(): OutputFile[] {
  const secondFiles = filesIn('implementation', 'files', 1);
  return filesIn('implementation', 'files').map((file) => secondFiles.find(({ path }) => path === file.path) ?? file);
}

function filesIn(phase: Phase, member: string, attempt = 0): OutputFile[] {
  return (lastAnswer(phase, attempt)?.output?.[member] ?? []) as OutputFile[];
}

function lastAnswer(phase: Phase, attempt: number): ScriptAnswer | undefined {
  return script.phases[phase]?.[attempt]?.at(-1);
}
