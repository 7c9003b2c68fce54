/**
 * Checks model calls: each names its model and prompt, and each output attributed to a model has a call of that model.
 */
import { PHASE_OWNER, isPhase } from '../../roles';
import { isDigest } from '../../ids';
import { isObject } from '../../json';
import { placeOf } from '../format';
import type { Entry, Flaw } from '../format';

export function checkCalls(entries: readonly Entry[]): Flaw[] {
  const calls = entries.filter(({ kind }) => kind === 'call');
  const calledModels = new Set(calls.map(({ body }) => `${String(body.phase)} ${String(body.model)}`));
  const malformed = calls.flatMap((entry) => {
    const { model, promptDigest } = entry.body;
    if (typeof model === 'string' && isDigest(promptDigest)) return [];
    return [{ where: placeOf(entry), field: 'body', message: 'must name a model and the digest of its prompt' }];
  });
  const withoutCall = entries.flatMap((entry) => {
    const { fromState, data } = entry.body;
    const isFromModel = entry.kind === 'handoff' && isPhase(fromState) && isObject(data) && data.source === 'model';
    // A gate may send work back before any model is called.
    if (!isFromModel || data.by === 'orchestrator' || calledModels.has(`${fromState} ${String(data.by)}`)) return [];
    const message = `says ${String(data.by)} of ${PHASE_OWNER[fromState]}, and no call of that model was made in ${fromState}`;
    return [{ where: placeOf(entry), field: 'body.data.by', message }];
  });
  return [...malformed, ...withoutCall];
}
