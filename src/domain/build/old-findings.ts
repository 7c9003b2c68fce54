/**
 * Findings of workers before findings were kept (commit 0956107): they stand in words, in the objections.
 *
 * Histories of that time are replayed with today's code. An approval of that time lifted nothing by itself, so such a
 * finding is manual: a person's retry continues the build.
 */
import { isObject } from '../json';
import type { Finding } from '../findings';
import type { Phase } from '../roles';
import { isTooDeep, memberTooMany } from '../canonical';
import { halfCharacterIn } from '../commands/fields';
import { execute, unknownCommand } from './reduce';
import type { Decision, Message } from './reduce';
import { openFindings } from './state';
import type { BuildState } from './state';

const IN_WORDS = /^(?:not verified: )?(tampering with what judges the change \(digest (sha256:[0-9a-f]{64})\).*)$/s;
/** The phases of which an outcome of that time said whether it had found tampering. */
const LOOKED: readonly Phase[] = ['testing', 'verification', 'deployment'];

export function findingsInWords(
  objections: string[],
  phase: Phase,
): { judged: string[]; found: Array<Omit<Finding, 'at'>> } {
  const found = objections.flatMap((said): Array<Omit<Finding, 'at'>> => {
    const [, summary, digest] = IN_WORDS.exec(said) ?? [];
    if (summary === undefined || digest === undefined) return [];
    const after = { onApprove: phase, onReject: 'implementation' } as const;
    return [
      { gate: 'tampering', digest, summary: summary.slice(0, 300), mender: 'code_writer', ...after, isManual: true },
    ];
  });
  return { judged: LOOKED.includes(phase) ? ['tampering'] : [], found };
}

/**
 * How commit 0956107 decided a message that is decided otherwise today: null where it is decided alike.
 *
 * It took an approval of any digest, a message of any depth and number of members, and half a character in one; it knew no `reject`, and no gate in upper case.
 */
export function decideAsBefore(
  build: BuildState,
  { decision, ...message }: Message & { decision: Decision },
): (() => Decision) | null {
  const { name, wire } = message;
  if (decision.kind === 'refused') {
    if (decision.refusal.type === 'Command.NotOpen' && name === 'approve')
      return () => execute(withFindingNamed(build, wire), message);
    const isNewlyChecked = isTooDeep(wire) || memberTooMany(wire) !== undefined || halfCharacterIn(wire) !== null;
    return isNewlyChecked ? () => execute(build, { ...message, isUnchecked: true }) : null;
  }
  // Accepted, on a finding of that time. A repeated message changes nothing, then as now.
  const isOfThen = decision.build !== build && openFindings(build).some(({ isManual }) => isManual === true);
  const isUnknown = name === 'reject' || (name === 'approve' && isObject(wire) && wire.gate !== 'tampering');
  return isOfThen && isUnknown ? () => ({ kind: 'refused', refusal: unknownCommand(build, name) }) : null;
}

/** The build as if it had found what an approval of that time names: any digest was taken then. */
function withFindingNamed(build: BuildState, wire: unknown): BuildState {
  const { gate, digest } = isObject(wire) ? wire : {};
  if (gate !== 'tampering' || typeof digest !== 'string') return build;
  const after = { onApprove: 'testing', onReject: 'implementation' } as const;
  const named: Finding = {
    gate,
    digest,
    summary: '',
    mender: 'code_writer',
    ...after,
    isManual: true,
    at: build.updatedAt,
  };
  return { ...build, findings: [...openFindings(build), named] };
}
