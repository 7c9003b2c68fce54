/**
 * Verification: the overseer judges what was measured. It can add objections; it can lift none.
 */
import { contextText } from '../domain/context';
import type { Outcome } from '../domain/outcomes';
import { askOnce } from './ask-role';
import type { PhaseTask } from './contract';
import type { Deps } from './deps';
import type { PhaseOutput } from './outputs';
import { loadContext } from './request';

export async function verify(deps: Deps, task: PhaseTask): Promise<Outcome> {
  const context = await loadContext(deps.artifacts, task);
  const changed = task.base !== null && task.commit !== null;
  const diff = changed ? await deps.workspace.diff(task, task.base as string, task.commit as string) : '';
  const { output, by, usage, kept } = await askOnce(
    deps,
    { ...task, phase: 'verification' },
    contextText({ ...context, diff }),
  );
  const objections = objectionsOf(output);
  const notes = objections.length === 0 ? `approved, ${output.checklist.length} items checked` : 'not approved';
  return { kind: 'worked', by, usage, output: kept, objections, notes };
}

function objectionsOf({ approved, checklist }: PhaseOutput<'verification'>): string[] {
  const grave = checklist.filter(({ severity }) => severity === 'critical' || (!approved && severity === 'major'));
  const found = grave.map(({ item, severity, finding }) => `${item} (${severity}): ${finding}`);
  return approved || found.length > 0 ? found : ['the Verification Overseer does not approve'];
}
