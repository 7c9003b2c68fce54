/**
 * Reads findings from the objection texts of old builds (before commit 0956107 stored findings as values).
 *
 * Old histories are replayed with today's code. In those builds an approval alone did not continue the build, so such a
 * finding is marked `isManual`: a person's retry continues the build.
 */
import { isObject } from '../json';
import type { Finding } from '../findings';
import type { Phase } from '../roles';
import { isTooDeep, memberOverLimit } from '../canonical';
import { halfCharacterProblem } from '../commands/fields';
import { execute, unknownCommand } from './reduce';
import type { Decision, Message } from './reduce';
import { openFindings } from './state';
import type { BuildState } from './state';

const TAMPERING_OBJECTION =
  /^(?:not verified: )?(tampering with what judges the change \(digest (sha256:[0-9a-f]{64})\).*)$/s;
/** In these phases, old workers reported whether they had found tampering. */
const TAMPERING_PHASES: readonly Phase[] = ['testing', 'verification', 'deployment'];

export function findingsFromObjections(
  objections: string[],
  phase: Phase,
): { judged: string[]; found: Array<Omit<Finding, 'at'>> } {
  const found = objections.flatMap((objection): Array<Omit<Finding, 'at'>> => {
    const [, summary, digest] = TAMPERING_OBJECTION.exec(objection) ?? [];
    if (summary === undefined || digest === undefined) return [];
    const targets = { onApprove: phase, onReject: 'implementation' } as const;
    return [
      { gate: 'tampering', digest, summary: summary.slice(0, 300), mender: 'code_writer', ...targets, isManual: true },
    ];
  });
  return { judged: TAMPERING_PHASES.includes(phase) ? ['tampering'] : [], found };
}

/**
 * Decides a command as commit 0956107 did; returns null if the decision is the same today.
 *
 * That version accepted approvals with any digest, input of any depth and size, and lone surrogates. It knew no `reject` command and only lower-case gate names.
 */
export function decideAsOldVersion(
  build: BuildState,
  { decision, ...message }: Message & { decision: Decision },
): (() => Decision) | null {
  const { name, wire } = message;
  if (decision.kind === 'refused') {
    if (decision.refusal.type === 'Command.NotOpen' && name === 'approve')
      return () => execute(withNamedFinding(build, wire), message);
    const isNewlyChecked =
      isTooDeep(wire) || memberOverLimit(wire) !== undefined || halfCharacterProblem(wire) !== null;
    return isNewlyChecked ? () => execute(build, { ...message, isUnchecked: true }) : null;
  }
  // A repeated message changes nothing, in both versions.
  const hasOldFinding = decision.build !== build && openFindings(build).some(({ isManual }) => isManual === true);
  const isUnknown = name === 'reject' || (name === 'approve' && isObject(wire) && wire.gate !== 'tampering');
  return hasOldFinding && isUnknown ? () => ({ kind: 'refused', refusal: unknownCommand(build, name) }) : null;
}

/** Adds the finding that an old approval names, since the old version accepted any digest. */
function withNamedFinding(build: BuildState, wire: unknown): BuildState {
  const { gate, digest } = isObject(wire) ? wire : {};
  if (gate !== 'tampering' || typeof digest !== 'string') return build;
  const targets = { onApprove: 'testing', onReject: 'implementation' } as const;
  const namedFinding: Finding = {
    gate,
    digest,
    summary: '',
    mender: 'code_writer',
    ...targets,
    isManual: true,
    at: build.updatedAt,
  };
  return { ...build, findings: [...openFindings(build), namedFinding] };
}
