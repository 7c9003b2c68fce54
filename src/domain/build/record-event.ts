/**
 * Adds events to the audit trail of a build.
 */
import { senderOf } from './sender';
import type { Cause } from './sender';
import type { BuildState } from './state';
import type { AuditEvent } from './trail';

/** Characters of a reason in an audit event. Handoffs, failures and feedback contain the full reason. */
const REASON_LIMIT_CHARS = 300;

/** Adds one event to the audit trail and changes nothing else. */
export function recordEvent(
  build: BuildState,
  cause: Cause,
  { type, data = {} }: Pick<AuditEvent, 'type'> & Partial<AuditEvent>,
): BuildState {
  const { reason } = data;
  const isLong = typeof reason === 'string' && reason.length > REASON_LIMIT_CHARS;
  const shortData = isLong ? { ...data, reason: `${reason.slice(0, REASON_LIMIT_CHARS - 1)}…` } : data;
  const event = { type, ...senderOf(cause), at: cause.now, data: shortData };
  return { ...build, updatedAt: cause.now, events: [...build.events, event] };
}
