/**
 * The audit trail of a build: its handoffs and its events. Types only.
 */
import type { EventType } from '../events';
import type { Role } from '../roles';
import type { State } from '../states';
import type { OutputRef } from './output-ref';
import type { Sender } from './sender';

export interface Handoff extends Pick<Sender, 'remark'> {
  fromRole: Role | null;
  toRole: Role | null;
  fromState: State;
  toState: State;
  at: string;
  notes: string;
  data: OutputRef | null;
}

export interface AuditEvent extends Sender {
  type: EventType;
  at: string;
  data: Record<string, string | number | boolean | null>;
}
