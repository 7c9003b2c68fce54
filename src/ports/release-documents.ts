/**
 * Documents about releases. A later process reads them to learn which steps of a release have happened.
 */
import type { Sender } from '../domain/build/sender';

export interface ReleaseIntent {
  number: number;
  id: string;
  commit: string;
  buildId: string;
  /** Absent in releases of older builds, whose keys did not contain it. */
  requestKey?: string | undefined;
  /** The build's turn in which the release was begun. */
  turn: number;
}

/** What is live: a release of the orchestrator, or something that was live before its first release. */
export interface Position {
  /** The release number; null if no release of the orchestrator is live. */
  number: number | null;
  /** The target's name for it, such as a folder or a commit. */
  at: string;
  /** False if a deployment to it or away from it was begun and its end is not recorded. */
  settled: boolean;
}

export interface ReleaseVerdict {
  ok: boolean;
  type?: 'Release.SmokeFailed' | 'Release.DeployFailed';
  detail: string;
  /** Null if the release was not made. */
  number: number | null;
}

/** The record of a restore: who made an earlier release live again, why, when, and with which result. */
export interface RestoreNote extends Sender {
  id: string;
  number: number;
  reason: string;
  /** ISO 8601. */
  at: string;
  /** Null while it runs. */
  ended: { at: string; ok: boolean; says: string; smoke: string | null } | null;
}
