/**
 * What sends notices: to webhooks and by e-mail, and to the workflow that tries until they arrive. Types only.
 */
import type { Delivery } from '../domain/notices/notice';
import type { SendResult } from '../domain/notices/outbox';

export interface Notifier {
  /**
   * Sends a notice once, and gives what came of it; it does not try again by itself. Rejects only if the signal is aborted.
   */
  send(delivery: Delivery, signal: AbortSignal): Promise<SendResult>;
}

export interface NoticeOutbox {
  /** Hands notices of a project to the workflow that sends them, and starts that workflow if there is none. */
  hand(projectId: string, deliveries: Delivery[]): Promise<void>;
}

/** Proves that a process of this installation made notices, since any client of Temporal can send signals. */
export interface NoticeProofs {
  prove(projectId: string, deliveries: Delivery[]): Promise<string>;
  holds(projectId: string, deliveries: Delivery[], proof: string): Promise<boolean>;
}
