/**
 * `npm run demo`: runs one build from a request to a live release and shows it, or prints the curl commands for driving it.
 */
import { randomBytes } from 'node:crypto';
import { createApi } from './api';
import { HELP, readArguments } from './arguments';
import type { Arguments } from './arguments';
import { showExternal } from './external';
import { logIntoFile } from './log-file';
import { prepareRun } from './run';
import type { Run } from './run';
import { createScreen } from './screen';
import type { Screen } from './screen';
import { endBuild, showBuild } from './watched';
import { launch } from '../launch';
import type { Launched } from '../launch';
import { INTERRUPTED, oneLine, say } from '../program';

async function main(): Promise<number> {
  const demoArguments = readArguments(process.argv.slice(2));
  if (demoArguments.help) {
    process.stdout.write(`${HELP}\n`);
    return 0;
  }
  const screen = createScreen();
  const interrupt = new AbortController();
  // Not `once`: a second signal, from another Ctrl-C or passed on by tsx, must not interrupt the orderly stop.
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => interrupt.abort());
  const run = await prepareRun(demoArguments);
  announce(screen, run, demoArguments);
  logIntoFile(run.folder);
  const { signal } = interrupt;
  const ownToken = { name: 'demo', secret: randomBytes(32).toString('base64url') };
  const launched = await launch({
    ...{ config: run.config, api: true, worker: true, signal, ownToken: ownToken },
    say: (line) => screen.line(screen.paint('dim', `  ${line}`)),
  }).catch((error: unknown) => (signal.aborted ? null : Promise.reject(error)));
  if (launched === null) return INTERRUPTED;
  try {
    const failed = launched.failed.then((error) => Promise.reject(error));
    return await Promise.race([
      runDemo({ given: demoArguments, run, launched, secret: ownToken.secret, screen, signal }),
      failed,
    ]);
  } finally {
    screen.live('');
    await launched.stop();
  }
}

interface DemoInput {
  given: Arguments;
  run: Run;
  launched: Launched;
  secret: string;
  screen: Screen;
  signal: AbortSignal;
}

async function runDemo({ given, run, launched, secret, screen, signal }: DemoInput): Promise<number> {
  const api = createApi(launched.url ?? '', run, launched.asksForToken ? secret : null);
  const demoBuild = { run, launched, api, screen, signal };
  let exitCode = INTERRUPTED;
  try {
    signal.throwIfAborted();
    screen.line();
    exitCode = (await (given.external ? showExternal(demoBuild) : showBuild(demoBuild))) ? 0 : 1;
    if (given.keep || given.external) await stayUp(screen, launched, signal);
    else showNext(screen);
  } catch (error) {
    if (!signal.aborted) throw error;
    screen.live('');
    // With --external, Ctrl-C is the usual end.
    if (given.external) exitCode = 0;
  }
  await endBuild(demoBuild);
  return exitCode;
}

function announce(screen: Screen, { sentence, script }: Run, { model, external }: Arguments): void {
  screen.line();
  screen.line(`  ${screen.paint('bold', 'Q Orchestrator')}  "${sentence}"`);
  if (script !== null) {
    screen.line(`  The answers of the five roles are scripted (${script}),`);
    screen.line('  no model is called. Git, sandbox, tests, evidence and release are real.');
  } else if (!external) {
    screen.line(`  Every role is driven by ${model}.`);
  }
  screen.line();
}

function showNext(screen: Screen): void {
  screen.line();
  const next = [
    ['npm run demo -- --keep', 'the same, and the Temporal Web UI stays up'],
    ['npm run demo -- --external', 'you are the five roles, with curl'],
    ['npm start', 'stays up and takes builds; the Web UI link above answers again. More in README.md'],
  ];
  next.forEach(([command = '', what = ''], index) => {
    const label = screen.paint('bold', (index === 0 ? 'Next' : '').padEnd(12));
    screen.line(`  ${label}${command.padEnd(28)}${screen.paint('dim', what)}`);
  });
  screen.line();
}

async function stayUp(screen: Screen, { url, uiUrl }: Launched, signal: AbortSignal): Promise<void> {
  const ui = uiUrl === null ? '' : `, Temporal Web UI ${uiUrl}`;
  screen.line(`\n  Still up: API ${url}${ui}. Ctrl-C ends it.`);
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}

main().then(
  (exitCode) => process.exit(exitCode),
  (error: unknown) => {
    say(oneLine(error));
    process.exit(1);
  },
);
