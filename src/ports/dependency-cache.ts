/**
 * Keeps what setup commands installed, by a key over all that it was made from. Types only; `src/adapters/sandbox` has the
 * real one.
 */
import type { SandboxRun } from './sandbox';

export interface DependencyCache {
  /** The folders that are kept under the key, for a run to see; undefined where nothing is kept. */
  find(key: string): Promise<NonNullable<SandboxRun['readOnly']> | undefined>;
  /** Takes the installed folders out of `folder`. Where another run was faster, its result stays. */
  keep(key: string, folder: string): Promise<void>;
}
