/**
 * One command to one build: an update whose refusal becomes a problem, also where the build has ended or was never there.
 */
import { randomUUID } from 'node:crypto';
import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { BuildState, CommandAnswer } from '../domain/build/state';
import { canonicalJson } from '../domain/canonical';
import type { CommandName, RefusalType } from '../domain/commands';
import type { Wire } from '../domain/commands/fields';
import type { Refusal } from '../domain/commands/refusals';
import { readRecord, readShown } from './builds';
import type { Shown } from './card';
import type { ApiDeps } from './deps';
import { sha256 } from '../inspect/digest';
import { inLine } from './in-line';
import { Problem, isRefusalType, refusalProblem } from './problems';
import { reach } from './temporal-calls';

/** A command on its way: the wire body, and what makes a repetition of it known. */
export interface Sent {
  name: CommandName;
  wire: Wire;
  key: string | null;
  /** Of the command's name and body. */
  digest: string;
  updateId: string;
}

/**
 * The same key with the same body is the same update to Temporal; with another body it is another update, which the
 * workflow then refuses because it knows the key.
 */
export function seal({ name, body, wire, key }: Pick<Sent, 'name' | 'wire' | 'key'> & { body: Wire }): Sent {
  const digest = sha256(`${name}\n${canonicalJson(body)}`);
  const meta = key === null ? {} : { idempotency_key: key, body_digest: digest };
  const updateId = key === null ? randomUUID() : `${key}.${digest.slice(0, 16)}`;
  return { name, wire: { ...wire, ...meta }, key, digest, updateId };
}

export async function sendCommand(deps: ApiDeps, workflowId: string, sent: Sent): Promise<CommandAnswer> {
  const handle = deps.client.workflow.getHandle(workflowId);
  const options = { args: [sent.wire] as [unknown], updateId: sent.updateId };
  try {
    const send = () => handle.executeUpdate<CommandAnswer, [unknown]>(sent.name, options);
    return await inLine(deps.client, workflowId, () => reach(deps, send, true));
  } catch (error) {
    const refusal = error instanceof WorkflowUpdateFailedError ? refusalIn(error.cause) : null;
    if (refusal !== null) throw refusalProblem(refusal);
    // Closed, closing or never there: all the same to Temporal.
    if (!(error instanceof WorkflowUpdateFailedError || error instanceof WorkflowNotFoundError)) throw error;
    const record = await readRecord(deps, workflowId);
    return record === undefined
      ? refuseWithoutRecord(await readShown(deps, workflowId))
      : answerFromRecord(record, sent);
  }
}

function refusalIn(cause: unknown): Refusal<RefusalType> | null {
  if (!(cause instanceof ApplicationFailure) || !isRefusalType(cause.type)) return null;
  return (cause.details?.[0] as Refusal<RefusalType> | undefined) ?? null;
}

/** A finished build still knows what it was told: a repeated command finds its first answer. */
function answerFromRecord(record: BuildState, { key, digest }: Sent): CommandAnswer {
  const seen = key !== null && Object.hasOwn(record.seen, `key:${key}`) ? record.seen[`key:${key}`] : undefined;
  if (seen?.digest === digest) return seen.answer;
  const now = { current_state: record.state, legal: [] };
  if (seen !== undefined) {
    throw new Problem('Command.KeyReused', 'this Idempotency-Key was used for another command; take a new key', now);
  }
  const how = record.cancelled ? 'cancelled' : 'complete';
  throw new Problem('Command.Finished', `the build is ${how}; nothing changes it any more, start a new one`, now);
}

function refuseWithoutRecord({ card, isOpen }: Shown): never {
  if (isOpen) throw new Problem('Answer.Late', 'the build went on elsewhere at this moment; ask again');
  const message = 'the build has ended; nothing changes it any more, start a new one';
  throw new Problem('Command.Finished', message, { current_state: card.state, legal: [] });
}
