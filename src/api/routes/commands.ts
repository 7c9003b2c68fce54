/**
 * The routes of the commands: one POST for each in the domain's list. The body is read like a signal's and sent as one update.
 *
 * An unreadable body is refused with the domain's message, before anything is stored or sent.
 */
import type { Request } from 'express';
import { canonicalJson } from '../../domain/canonical';
import { COMMANDS, commandOf } from '../../domain/commands';
import type { AnyCommand, CommandName } from '../../domain/commands';
import { EXCERPT_LIMIT_CHARS } from '../../domain/commands/advance';
import type { Reading, Wire } from '../../domain/commands/fields';
import { readMeta } from '../../domain/commands/meta';
import { readBody, readCommand } from '../../domain/commands/read';
import { isObject } from '../../domain/json';
import { digestOf } from '../../inspect/digest';
import { redactText } from '../../inspect/secrets/redact';
import { prepareCommand, sendCommand } from '../send-command';
import type { ApiDeps } from '../deps';
import { presentWarnings, readCommandSecrets } from '../found-secrets';
import { keyIn, senderIn } from '../headers';
import type { Route } from '../mount';
import { buildIdIn } from '../parse';
import { presentCommand } from '../present/commands';
import { unreadableCommand } from '../problems';

export function commandRoutes(deps: ApiDeps): Route[] {
  return COMMANDS.filter((command) => !hasOwnRoute(command)).map(({ name, path, needs }) => ({
    method: 'post',
    path: `/api/workflows/:workflow_id/${path}`,
    needs,
    async handle(req, res) {
      const { workflowId } = buildIdIn(req);
      const [sender, key] = [senderIn(req), keyIn(req)];
      const givenBody = requireReadable(readBody(name, bodyIn(req)));
      const { body, warnings } = await readCommandSecrets(deps.readers, name, givenBody);
      const { refs, texts } = separateContents(name, body);
      const command = prepareCommand({ name, body, wire: { ...body, ...refs, ...sender }, key });
      requireReadable(readMeta(name, command.wire));
      const { fields } = requireReadable(readCommand(name, command.wire));
      for (const text of texts) await deps.artifacts.put(text);
      const answer = await sendCommand(deps, workflowId, command);
      const answered = await presentCommand(deps, { name, workflowId, answer, fields, body });
      res.json({ ...answered, ...presentWarnings(warnings) });
    },
  }));
}

const hasOwnRoute = (command: AnyCommand): boolean => command.hasOwnRoute === true;

/** An absent body counts as `{}`: some commands need none. */
function bodyIn(req: Request): unknown {
  return (req.body as unknown) ?? {};
}

function requireReadable<T>(reading: Reading<T>): T {
  if (reading.kind === 'unreadable') throw unreadableCommand(reading);
  return reading.value;
}

/**
 * Separates contents that may be large: `texts` go to the artifact store; `refs`, with digest and excerpt, replace them in the
 * update.
 */
function separateContents(name: CommandName, body: Wire): { refs: Wire; texts: string[] } {
  const refs: Record<string, unknown> = {};
  const texts: string[] = [];
  for (const [field, { refMember }] of Object.entries(commandOf(name).fields)) {
    const content = body[field];
    if (refMember === undefined || !isObject(content)) continue;
    const text = canonicalJson(content);
    const ref = {
      digest: digestOf(text),
      bytes: Buffer.byteLength(text),
      excerpt: excerptOf(content, text),
    };
    Object.assign(refs, { [field]: undefined, [refMember]: ref });
    texts.push(text);
  }
  return { refs, texts };
}

/** More than the excerpt is searched, so that a secret that is cut by its end is still found. */
const SEARCHED_CHARS = EXCERPT_LIMIT_CHARS + 4_096;

function excerptOf(content: Wire, text: string): string {
  const texts = ['reason', 'summary', 'findings'].map((name) =>
    Object.hasOwn(content, name) ? content[name] : undefined,
  );
  const excerpt = texts.find((value) => typeof value === 'string' && value.trim() !== '') ?? text;
  return redactText(String(excerpt).slice(0, SEARCHED_CHARS)).text.slice(0, EXCERPT_LIMIT_CHARS);
}
