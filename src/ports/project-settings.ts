/**
 * The stored settings of projects, in versions. Types only.
 */
import type { ProjectSettings } from '../requests/project-settings';

/** One version of the settings of a project, with who made it. */
export interface StoredSettings {
  /** From 1. */
  version: number;
  settings: ProjectSettings;
  actor: string;
  /** What the caller called itself beside the name of its token. */
  remark?: string;
  reason: string;
  /** ISO 8601. */
  at: string;
}

export interface ProjectSettingsStore {
  /** Gives the newest version; null if the project has no settings. */
  latest(projectId: string): Promise<StoredSettings | null>;
  /** Gives one version; null if there is none. */
  load(projectId: string, version: number): Promise<StoredSettings | null>;
  /** Gives the numbers of all versions, the newest first. */
  versions(projectId: string): Promise<number[]>;
  /** Stores the next version. False if another one was stored first. */
  store(projectId: string, next: StoredSettings): Promise<boolean>;
}
