/**
 * Builds whose Q Assistant alone has a model, on a live worker and against a server of the test. The server answers discovery by the
 * test's replies; planning gets no answer.
 */
import { ROLES as ALL_ROLES } from '../../src/domain/roles';
import type { Role, RoleMode } from '../../src/domain/roles';
import * as server from '../adapters/models/faulty-server';
import { PROTOCOLS } from '../adapters/models/protocols';
import type { Protocol } from '../adapters/models/protocols';
import { startBuild, startStack } from '../fixture';
import type { Stack } from '../fixture';
import { ANSWER } from '../activities/routing/one-step';
import { talkTo } from './stage';

const anthropic = PROTOCOLS.find(({ name }) => name === 'anthropic') as Protocol;
export const good = server.events(anthropic.answer(JSON.stringify(ANSWER)));
/** The Q Assistant alone has a model; its planning gets no answer. */
const ROLES: Record<Role, RoleMode> = {
  ...(Object.fromEntries(ALL_ROLES.map((role) => [role, 'external'])) as Record<Role, RoleMode>),
  q_assistant: 'llm',
};

const closers: Array<() => Promise<unknown>> = [];

export async function closeProviders(): Promise<void> {
  for (const close of closers.splice(0)) await close();
}

const isOfDiscovery = ({ body }: server.Request) => body.includes('Phase: discovery');

/** `replies` to discovery: the last one again and again. */
export async function openProvider(replies: server.Reply[], env: Record<string, string>) {
  const pending = [...replies];
  const times: number[] = [];
  const reply: server.Reply = (response, request) => {
    if (!isOfDiscovery(request)) return;
    times.push(Date.now());
    (pending.length > 1 ? pending.shift() : pending[0])?.(response, request);
  };
  const faulty = await server.faultyServer(...Array<server.Reply>(300).fill(reply));
  const stack: Stack = await startStack({
    env: { MODEL: anthropic.spec, ANTHROPIC_API_KEY: 'key', ANTHROPIC_BASE_URL: `${faulty.origin}/v1`, ...env },
  });
  closers.push(
    () => stack.stop(),
    () => faulty.close(),
  );
  return { stack, times, begin: async () => talkTo(await startBuild(stack, { start: { roles: ROLES } })) };
}
