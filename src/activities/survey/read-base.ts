/**
 * The base commit of a build, read for the first time: what can be wrong with the repository is said at once.
 */
import { Context } from '@temporalio/activity';
import { Failure } from '../../domain/failures';
import type { Deps } from '../deps';
import { startingCommit } from '../starting-commit';
import type { Asked } from './make-report';

/** A server that does not answer is asked so often, some seconds apart; then a person is. */
const TRIES = 4;
const SAID_LIMIT_CHARS = 300;

/** Throws Failure `Workspace.*` or `Environment.*`. */
export async function readBase(
  deps: Deps,
  task: Parameters<typeof startingCommit>[1],
  request: Asked,
): Promise<string> {
  try {
    return (await startingCommit(deps, task, request)).base;
  } catch (error) {
    const said = wordsOfGit(error);
    if (said === undefined) throw error;
    const place = request.repository?.url ?? request.repository?.path ?? 'the repository';
    const what = `${place} cannot be read: ${said}`;
    if (Context.current().info.attempt < TRIES) throw new Failure('Workspace.RepositoryAway', what);
    const wayOut = 'Check the address and the network of the worker; then request-retry, or amend repository';
    throw new Failure('Workspace.RepositoryUnreadable', `${what}. ${wayOut}.`);
  }
}

/** Undefined for an error that git did not end with. */
function wordsOfGit(error: unknown): string | undefined {
  if (!(error instanceof Error) || error.name !== 'GitError') return undefined;
  const { stderr = '' } = error as { stderr?: string };
  const lines = stderr.split('\n').filter((line) => /^(fatal|error|ssh):/i.test(line));
  const said = lines.at(-1) ?? 'git did not end';
  return said.replaceAll(/(\w+:\/\/)[^/@\s]*@/g, '$1').slice(0, SAID_LIMIT_CHARS);
}
