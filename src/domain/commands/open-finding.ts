/**
 * The shared part of `approve` and `reject`: finding the open finding that they name by gate and digest.
 */
import { isAwaitingDecision } from '../build/moves';
import { openFindings } from '../build/state';
import type { BuildState } from '../build/state';
import { describeFindings } from '../findings';
import type { Finding } from '../findings';
import { GATE_NAMES } from '../gates';
import { openPage } from '../people/approval-gate';
import { APPROVAL_GATE_NAMES, gateKindOf } from '../people/policy';
import { digest, oneOf, optional, text } from './fields';
import { refuse } from './refusals';
import type { Refused } from './refusals';

export const FINDING_FIELDS = {
  gate: oneOf([...GATE_NAMES, ...APPROVAL_GATE_NAMES], 'a gate that has found something, such as "tampering"'),
  digest: digest('what is decided'),
  reason: optional(text, () => ''),
};

/** Refuses a gate and digest without an open finding: never found, already decided, or judged again since. */
export function findOpenFinding(
  build: BuildState,
  reference: { gate: string; digest: string },
): { kind: 'open'; finding: Finding } | Refused<'Command.NotOpen'> {
  const isNamed = (one: Finding) => one.gate === reference.gate && one.digest === reference.digest;
  const finding = decidableFindings(build).find(isNamed);
  return finding === undefined ? refuseNotOpen(build, reference) : { kind: 'open', finding };
}

export function refuseNotOpen(
  build: BuildState,
  reference: { gate: string; digest: string },
): Refused<'Command.NotOpen'> {
  const legal = decidableFindings(build).map((one) => `${one.gate} ${one.digest}`);
  const openList = legal.length === 0 ? 'no finding is open' : `open are ${legal.join(', ')}`;
  const message = `no finding of gate "${reference.gate}" with digest ${reference.digest} is open; ${openList} (GET approvals)`;
  return refuse(build, { type: 'Command.NotOpen', message, field: 'digest', legal });
}

/** The open findings without the void page of an approval gate, which the workflow is about to make anew. */
export function decidableFindings(build: BuildState): Finding[] {
  const page = openPage(build);
  return openFindings(build).filter(({ gate, digest }) => gateKindOf(gate) === null || digest === page?.digest);
}

/** Updates the failure message of a waiting build to the findings that are still open. */
export function withOpenDecisions(build: BuildState, remainingFindings: Finding[]): BuildState {
  if (!isAwaitingDecision(build) || remainingFindings.length === 0) return build;
  return { ...build, failure: { ...build.failure, message: describeFindings(remainingFindings).slice(0, 1_000) } };
}
