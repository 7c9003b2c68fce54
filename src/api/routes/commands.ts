/**
 * The commands: each POST is parsed, sent as one update, and answered in its own words.
 */
import { randomUUID } from 'node:crypto';
import type { Request } from 'express';
import type { z } from 'zod';
import type { CommandAnswer } from '../../domain/build/state';
import { canonicalJson } from '../../domain/canonical';
import { EXCERPT_LIMIT_CHARS } from '../../domain/commands';
import type { CommandName } from '../../domain/commands';
import { sha256 } from '../../inspect/digest';
import { sendCommand } from '../send-command';
import type { Sent } from '../send-command';
import type { ApiDeps } from '../deps';
import { findHandedOver } from '../present/handed-over';
import { actorIn, keyIn } from '../headers';
import type { Route } from '../mount';
import { buildIdIn, parse } from '../parse';
import { presentAdvanced, presentDone, presentRetried, presentRolledBack } from '../present/commands';
import { COMMAND_SCHEMAS } from '../../requests/start-request';
import type { AdvanceBody, JsonObject } from '../../requests/start-request';

type Bodies = { [N in CommandName]: z.output<(typeof COMMAND_SCHEMAS)[N]> };

interface Spec<N extends CommandName> {
  name: N;
  path: string;
  /** Members of the wire command that differ from the body. */
  wire?(body: Bodies[N], actor: string): Promise<JsonObject> | JsonObject;
  present(workflowId: string, answer: CommandAnswer, body: Bodies[N]): Promise<object> | object;
}

export function commandRoutes(deps: ApiDeps): Route[] {
  const route = <N extends CommandName>(spec: Spec<N>) => commandRoute(deps, spec);
  return [
    route({
      name: 'advance',
      path: 'advance',
      wire: (body) => keepResult(deps, body),
      present: async (workflowId, answer, body) =>
        presentAdvanced(workflowId, answer, await findHandedOver(deps, { workflowId, answer, body })),
    }),
    route({
      name: 'retry',
      path: 'request-retry',
      present: (workflowId, answer, { reason }) => presentRetried(workflowId, answer, reason),
    }),
    route({
      name: 'rollback',
      path: 'rollback',
      present: (workflowId, answer, { reason }) => presentRolledBack(workflowId, answer, reason),
    }),
    route({
      name: 'cancel',
      path: 'cancel',
      present: (workflowId, answer, { reason }) => presentDone(workflowId, answer, { cancelled: true, reason }),
    }),
    route({ name: 'pause', path: 'pause', wire: saidBy('paused'), present: presentPaused(true) }),
    route({ name: 'resume', path: 'resume', wire: saidBy('resumed'), present: presentPaused(false) }),
    route({
      name: 'answer',
      path: 'answer',
      present: (workflowId, answer, { answers }) => presentDone(workflowId, answer, { answered: Object.keys(answers) }),
    }),
    route({
      name: 'approve',
      path: 'approve',
      present: (workflowId, answer, { gate, digest }) => presentDone(workflowId, answer, { approved: gate, digest }),
    }),
  ];
}

function commandRoute<N extends CommandName>(deps: ApiDeps, spec: Spec<N>): Route {
  return {
    method: 'post',
    path: `/api/workflows/:workflow_id/${spec.path}`,
    async handle(req, res) {
      const { workflowId } = buildIdIn(req);
      const [actor, key] = [actorIn(req), keyIn(req)];
      const body = parse<Bodies[N]>(COMMAND_SCHEMAS[spec.name] as never, bodyIn(req));
      const wire = { ...body, ...(await spec.wire?.(body, actor)), actor };
      const answer = await sendCommand(deps, workflowId, seal({ name: spec.name, wire, key, body }));
      res.json(await spec.present(workflowId, answer, body));
    },
  };
}

/** An absent body is an empty one: `pause` and `resume` need none. */
function bodyIn(req: Request): unknown {
  return (req.body as unknown) ?? {};
}

/**
 * The same key with the same body is the same update to Temporal; with another body it is another update, which the
 * workflow then refuses because it knows the key.
 */
function seal(command: Pick<Sent, 'name' | 'wire' | 'key'> & { body: object }): Sent {
  const { name, wire, key, body } = command;
  const digest = sha256(`${name}\n${canonicalJson(body)}`);
  const meta = key === null ? {} : { idempotency_key: key, body_digest: digest };
  const updateId = key === null ? randomUUID() : `${key}.${digest.slice(0, 16)}`;
  return { name, wire: { ...wire, ...meta }, key, digest, updateId };
}

/** The result goes to the artifact store first; the workflow gets its digest and its beginning. */
async function keepResult(deps: ApiDeps, { phase_result: result }: AdvanceBody): Promise<JsonObject> {
  const text = canonicalJson(result);
  const { digest, bytes } = await deps.artifacts.put(text);
  const said = ['reason', 'summary', 'findings'].map((name) =>
    Object.hasOwn(result, name) ? result[name] : undefined,
  );
  const excerpt = said.find((one) => typeof one === 'string' && one.trim() !== '') ?? text;
  const phase_result_ref = { digest, bytes, excerpt: String(excerpt).slice(0, EXCERPT_LIMIT_CHARS) };
  return { phase_result: undefined, phase_result_ref };
}

function saidBy(done: string) {
  return ({ reason }: { reason?: string | undefined }, actor: string): JsonObject => ({
    reason: reason ?? `${done} by ${actor}`,
  });
}

function presentPaused(paused: boolean) {
  return (workflowId: string, answer: CommandAnswer) => presentDone(workflowId, answer, { paused });
}
