/**
 * Sends a command to a build as a Temporal update. A refusal, an ended build and an unknown build become problems.
 */
import { randomUUID } from 'node:crypto';
import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { BuildState, CommandAnswer } from '../domain/build/state';
import { canonicalJson } from '../domain/canonical';
import type { CommandName, RefusalType } from '../domain/commands';
import type { Wire } from '../domain/commands/fields';
import type { Refusal } from '../domain/commands/refusals';
import { readFinalState, readBuildView } from './builds';
import type { BuildView } from './card';
import type { ApiDeps } from './deps';
import { sha256 } from '../inspect/digest';
import { queueUpdate } from './queue-update';
import { Problem, isRefusalType, refusalProblem } from './problems';
import { callTemporal } from './temporal-calls';

/** A command ready to be sent: its wire body, and the ids by which the build recognizes a repetition. */
export interface PreparedCommand {
  name: CommandName;
  wire: Wire;
  key: string | null;
  /** The SHA-256 of the command's name and body. */
  digest: string;
  updateId: string;
}

/**
 * Makes the update's id from key and body: Temporal treats the same key and body as the same update; the same key with another
 * body becomes another update, which the workflow refuses because it knows the key.
 */
export function prepareCommand({
  name,
  body,
  wire,
  key,
}: Pick<PreparedCommand, 'name' | 'wire' | 'key'> & { body: Wire }): PreparedCommand {
  const digest = sha256(`${name}\n${canonicalJson(body)}`);
  const meta = key === null ? {} : { idempotency_key: key, body_digest: digest };
  const updateId = key === null ? randomUUID() : `${key}.${digest.slice(0, 16)}`;
  return { name, wire: { ...wire, ...meta }, key, digest, updateId };
}

export async function sendCommand(deps: ApiDeps, workflowId: string, command: PreparedCommand): Promise<CommandAnswer> {
  const handle = deps.client.workflow.getHandle(workflowId);
  const options = { args: [command.wire] as [unknown], updateId: command.updateId };
  try {
    const send = () => handle.executeUpdate<CommandAnswer, [unknown]>(command.name, options);
    return await queueUpdate(deps.client, workflowId, () => callTemporal(deps, send, true));
  } catch (error) {
    const refusal = error instanceof WorkflowUpdateFailedError ? refusalIn(error.cause) : null;
    if (refusal !== null) throw refusalProblem(refusal);
    // Temporal gives the same error for a closed, a closing and an unknown build.
    if (!(error instanceof WorkflowUpdateFailedError || error instanceof WorkflowNotFoundError)) throw error;
    const record = await readFinalState(deps, workflowId);
    return record === undefined
      ? refuseWithoutRecord(await readBuildView(deps, workflowId))
      : answerFromRecord(record, command);
  }
}

function refusalIn(cause: unknown): Refusal<RefusalType> | null {
  if (!(cause instanceof ApplicationFailure) || !isRefusalType(cause.type)) return null;
  return (cause.details?.[0] as Refusal<RefusalType> | undefined) ?? null;
}

/** The final state has the answers to earlier commands: a repeated command gets its first answer. */
function answerFromRecord(record: BuildState, { key, digest }: PreparedCommand): CommandAnswer {
  const earlierCommand =
    key !== null && Object.hasOwn(record.seen, `key:${key}`) ? record.seen[`key:${key}`] : undefined;
  if (earlierCommand?.digest === digest) return earlierCommand.answer;
  const members = { current_state: record.state, legal: [] };
  if (earlierCommand !== undefined) {
    throw new Problem(
      'Command.KeyReused',
      'this Idempotency-Key was used for another command; take a new key',
      members,
    );
  }
  const how = record.cancelled ? 'cancelled' : 'complete';
  throw new Problem('Command.Finished', `the build is ${how}; nothing changes it any more, start a new one`, members);
}

function refuseWithoutRecord({ card, isOpen }: BuildView): never {
  if (isOpen)
    throw new Problem(
      'Answer.Late',
      'the build was busy with another change at this moment; send the same command again',
    );
  const message = 'the build has ended; nothing changes it any more, start a new one';
  throw new Problem('Command.Finished', message, { current_state: card.state, legal: [] });
}
