/**
 * The tool `run`: runs a command in the same environment as the measured test run, with its packages, folder and variables, and
 * without network.
 */
import { posix } from 'node:path';
import { z } from 'zod';
import { pathIn, refused, tool } from './tool-context';
import type { ToolCallContext, ToolOutcome } from './tool-context';
import { entriesOf } from './entries';
import { bothEnds, callOf, count, LIMIT_CHARS } from '../../inspect/tool-texts/show';
import { refusedOrigins } from '../testing/origins';
import { refusedPackages } from '../verification/facts/changed-packages';

/** Characters of a result that are reserved for the exit code and the last line. */
const RESERVED_CHARS = 500;
/** The most bytes of all words of a command. Linux takes at most 128 KiB in one argument. */
const MAX_COMMAND_BYTES = 100_000;
/** Matches errors of the system about arguments that it cannot pass on. Other errors at the start are faults of the machine. */
const ARGUMENTS_REFUSED = /\b(?:E2BIG|ENAMETOOLONG|without null bytes)\b/;

export const run = tool({
  description:
    "Runs a command in a copy of the tree, with the project's packages installed and without network, in the project's folder or in the given one. What it writes is not kept.",
  input: z.object({
    command: z
      .array(z.string())
      .min(1)
      .max(200)
      .refine(([first]) => first?.trim() !== '', 'the first word is empty: it names the program')
      .refine(
        (words) => !words.some((word) => word.includes('\0')),
        'a word holds the character NUL, which no argument can hold',
      )
      .refine(
        (words) => words.reduce((sum, word) => sum + Buffer.byteLength(word), 0) <= MAX_COMMAND_BYTES,
        `all words together may have ${count(MAX_COMMAND_BYTES)} bytes: write a long text into a file and name the file`,
      )
      .describe('An argument list; a shell is not there unless it is called.'),
    folder: z.string().nullish().describe("From the root of the repository; the project's own if null."),
  }),
  async carryOut(context, { command, folder }) {
    const refusal = await refusalOf(context, folder);
    if (refusal !== undefined) return refused(`nothing was run: ${refusal}`);
    const { deps, at, base, overrides, signal } = context;
    const result = await deps.checkouts.with({ at, base, overrides, signal }, (checkout) => {
      const from = checkout.setup.workdir;
      const commandInFolder =
        folder == null ? command : inFolder(posix.relative(`/${from}`, `/${pathIn(folder)}`), command);
      return checkout.run({ command: commandInFolder, timeoutMs: deps.testTimeoutMs, signal }).catch(argumentRefusal);
    });
    if ('refusal' in result) return refused(`nothing was run: ${result.refusal}`);
    const end = result.timedOut ? 'ran out of time' : `exit code ${result.exitCode ?? 'none (killed)'}`;
    return toOutcome(context, end, result.output);
  },
});

function argumentRefusal(error: unknown): { refusal: string } {
  if (!(error instanceof Error) || !ARGUMENTS_REFUSED.test(error.message)) throw error;
  return { refusal: `the system does not take the arguments of this command (${error.message.slice(0, 200)})` };
}

async function refusalOf(
  { deps, task, at, base }: ToolCallContext,
  folder: string | null | undefined,
): Promise<string | undefined> {
  const folderPath = pathIn(folder ?? '');
  if (folderPath !== '' && !(await entriesOf({ deps, at })).some(({ path }) => path.startsWith(`${folderPath}/`)))
    return `there is no folder ${JSON.stringify(folderPath.slice(0, 400))}`;
  const span = { base, commit: at.commit };
  const originRefusals = await refusedOrigins(deps, task, span);
  const refusals = [
    ...originRefusals,
    ...(originRefusals.length > 0 ? [] : await refusedPackages(deps, { repo: at, ...span })),
  ];
  return refusals.length > 0 ? refusals.join('; ') : undefined;
}

/** Changes the folder of a command: a run of a checkout begins in the project's folder. `path` is relative to that folder. */
function inFolder(path: string, command: string[]): string[] {
  return path === '' ? command : ['sh', '-c', 'cd -- "$1" && shift && exec "$@"', 'sh', path, ...command];
}

async function toOutcome({ deps, callId }: ToolCallContext, end: string, output: string): Promise<ToolOutcome> {
  const wholeResult = `${end}\n${output}`;
  if (wholeResult.length <= LIMIT_CHARS) return { output: wholeResult };
  const { digest } = await deps.artifacts.put(wholeResult);
  const cut = bothEnds(output, LIMIT_CHARS - RESERVED_CHARS);
  const cutNote = `[the output has ${count(output.length)} characters; all of it: ${callOf('result', { id: callId })}]`;
  return { output: `${end}\n${cut}${cut.endsWith('\n') ? '' : '\n'}${cutNote}`, digest };
}
