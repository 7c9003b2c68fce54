/**
 * Assigns a user to each scratch folder. That user owns the folder and runs its commands: a user id of its own if the worker is root, else
 * the worker's user.
 */
import { sep } from 'node:path';
import type { Owner } from './scratch';
import { sharedUids } from './uids';

/** Outside of the ranges that Linux distributions assign. */
const FIRST_UID = 60_800;
const UID_COUNT = 256;

type Use<T> = (folder: string) => Promise<T>;

export interface Owners {
  /** Calls `use` with the owner of the scratch folder that contains `folder`; if there is none, with a new owner for this call. */
  with<T>(folder: string, use: (owner: Owner | undefined) => Promise<T>): Promise<T>;
  /** Assigns a new owner to a scratch folder; `note` wraps `use`, so that `with` finds this owner for the folder while `use` runs. */
  forScratch<T>(make: (owner: Owner | undefined, note: (use: Use<T>) => Use<T>) => Promise<T>): Promise<T>;
}

/** Returns a test for user ids of sandboxes; `firstUid` as for `createOwners`. */
export function sandboxUsers(firstUid = FIRST_UID): (uid: number) => boolean {
  return (uid) => uid >= firstUid && uid < firstUid + UID_COUNT;
}

/** `firstUid` is the first of 256 user ids, one for each run, if the worker is root. */
export function createOwners(firstUid = FIRST_UID): Owners {
  if (process.getuid?.() !== 0) {
    return { with: (_folder, use) => use(undefined), forScratch: (make) => make(undefined, (use) => use) };
  }
  const uids = sharedUids(firstUid, UID_COUNT);
  const ownersByFolder = new Map<string, Owner>();
  return {
    with(folder, use) {
      const scratch = [...ownersByFolder.keys()].find((path) => folder === path || folder.startsWith(path + sep));
      const owner = scratch === undefined ? undefined : ownersByFolder.get(scratch);
      return owner === undefined ? uids.lease((uid) => use({ uid, gid: uid })) : use(owner);
    },
    forScratch: (make) =>
      uids.lease((uid) => {
        const owner = { uid, gid: uid };
        return make(owner, (use) => async (folder) => {
          ownersByFolder.set(folder, owner);
          try {
            return await use(folder);
          } finally {
            ownersByFolder.delete(folder);
          }
        });
      }),
  };
}
