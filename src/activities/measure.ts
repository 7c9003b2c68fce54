/**
 * Measures: runs a command on a clean checkout of a commit, in the sandbox, and records what happened as evidence.
 */
import { Context } from '@temporalio/activity';
import type { Evidence } from '../domain/evidence';
import { Failure } from '../domain/failures';
import { findCommands } from '../adapters/sandbox/find-commands';
import { readTestReport } from '../adapters/sandbox/test-report';
import type { Deps, TreeAt } from './deps';
import type { StoredRequest } from './request';
import { withDependencies } from './setup';

/** The tests of a commit, as they really ran. Throws Failure `Workspace.NoTestCommand` where none is known. */
export async function measureTests(deps: Deps, at: TreeAt, commands: StoredRequest['commands']): Promise<Evidence> {
  const command = commands?.coverage ?? commands?.test ?? (await findTestCommand(deps, at));
  const result = await deps.sandbox.withScratch(async (folder) => {
    await deps.workspace.checkout(at, folder);
    const signal = Context.current().cancellationSignal;
    const installed = await withDependencies(deps, { folder, setup: commands?.setup, signal });
    return deps.sandbox.run({ folder, command, timeoutMs: deps.testTimeoutMs, signal, ...installed });
  });
  const { exitCode, timedOut, output, durationMs } = result;
  const { counts, failing, coveragePercent } = readTestReport(output);
  const { digest: logDigest } = await deps.artifacts.put(output);
  const at_ = { commit: at.commit, at: new Date().toISOString(), sandbox: deps.sandbox.name };
  return {
    kind: 'tests',
    command,
    exitCode,
    timedOut,
    counts,
    coveragePercent,
    logDigest,
    failing,
    durationMs,
    ...at_,
  };
}

async function findTestCommand(deps: Deps, at: TreeAt): Promise<string[]> {
  const files = (await deps.workspace.list(at)).map((file) => file.path);
  const read = async (path: string) => (files.includes(path) ? deps.workspace.read(at, path) : undefined);
  const found = await findCommands(read, files);
  const command = found.coverage ?? found.test;
  if (command !== undefined) return command;
  const message =
    'no test command was found in the repository; start the build with commands.test, e.g. ["npm","test"]';
  throw new Failure('Workspace.NoTestCommand', message);
}
