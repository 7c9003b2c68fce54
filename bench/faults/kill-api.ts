/**
 * Kills the API during a command: the same command with the same key must then have one answer and one effect.
 */
import type { BuildState } from '../../src/domain/build/state';
import { pause } from '../builds';
import type { Program } from '../programs';
import type { Site } from './site';

export interface ApiFindings {
  kills: number;
  /** Commands whose answer had come before the kill. */
  answeredBefore: number;
  /** Commands whose retries were not answered 200, or were not all answered alike. */
  differ: number;
  /** Commands that took effect more or less than once. */
  effectsWrong: number;
}

const PHASE_RESULT = { summary: 'done outside' };

export async function killApi(site: Site, api: Program, kills: number): Promise<{ api: Program; found: ApiFindings }> {
  const found: ApiFindings = { kills, answeredBefore: 0, differ: 0, effectsWrong: 0 };
  for (let kill = 0; kill < kills; kill++) {
    const id = await site.start('commanded', true);
    const send = () => {
      const body = { role: 'q_assistant', completed_state: 'discovery', phase_result: PHASE_RESULT };
      return site.post(`/${id}/advance`, body, `advance-${kill}`);
    };
    const first = send().catch(() => null);
    // The pause varies, so that the kill falls between the moment when the API reads the command and the one when it answers.
    await pause((kill % 8) * 12);
    await api.kill();
    const answer = await first;
    api = await site.startApi();
    const [second, third] = [await send(), await send()];
    if (answer?.status === 200) found.answeredBefore += 1;
    const answers = [second, third, ...(answer === null ? [] : [answer])].map((one) => JSON.stringify(one));
    if (second.status !== 200 || new Set(answers).size !== 1) found.differ += 1;
    const build = await site.client.workflow.getHandle(id).query<BuildState>('build');
    const advanced = build.events.filter((event) => event.type === 'advanced').length;
    if (build.state !== 'planning' || advanced !== 1) found.effectsWrong += 1;
  }
  return { api, found };
}
