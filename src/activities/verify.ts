/**
 * Verification: the overseer judges what was measured. It can add objections; it can lift none.
 */
import { contextText } from '../domain/context';
import type { Evidence } from '../domain/evidence';
import type { Outcome } from '../domain/outcomes';
import { askOnce } from './ask-role';
import { handedOver } from './claimed-files';
import type { PhaseTask } from './contract';
import type { Deps } from './deps';
import { measureTests } from './measure';
import type { PhaseOutput } from './outputs';
import { loadContext, loadRequest } from './request';

export async function verify(deps: Deps, task: PhaseTask): Promise<Outcome> {
  const { base, commit, evidence } = await measured(deps, task);
  const context = await loadContext(deps.artifacts, task);
  const diff = await deps.workspace.diff(task, base, commit);
  const text = contextText({ ...context, diff, evidence });
  const { output, by, usage, kept } = await askOnce(deps, { ...task, phase: 'verification' }, text);
  const objections = objectionsOf(output);
  const notes = objections.length === 0 ? `approved, ${output.checklist.length} items checked` : 'not approved';
  return { kind: 'worked', by, usage, output: kept, base, commit, evidence, objections, notes };
}

/** An external Test Auditor only claims: where nothing was measured on this commit, it is measured now. */
async function measured(deps: Deps, task: PhaseTask): Promise<{ base: string; commit: string; evidence: Evidence }> {
  const { base, commit, evidence } = task;
  if (base !== null && commit !== null && evidence?.commit === commit) return { base, commit, evidence };
  const place = await handedOver(deps, task);
  const { commands } = await loadRequest(deps.artifacts, task);
  return { ...place, evidence: await measureTests(deps, { ...task, commit: place.commit }, commands) };
}

function objectionsOf({ approved, checklist }: PhaseOutput<'verification'>): string[] {
  const grave = checklist.filter(({ severity }) => severity === 'critical' || (!approved && severity === 'major'));
  const found = grave.map(({ item, severity, finding }) => `${item} (${severity}): ${finding}`);
  return approved || found.length > 0 ? found : ['the Verification Overseer does not approve'];
}
