/**
 * Who owns a scratch folder and runs its commands: a user id of its own where this process is root, else our own.
 */
import { sep } from 'node:path';
import type { Owner } from './scratch';
import { sharedUids } from './uids';

/** Between the ranges that Linux distributions give away. */
const FIRST_UID = 60_800;
const UIDS = 256;

type Use<T> = (folder: string) => Promise<T>;

export interface Owners {
  /** The owner of the scratch folder that `folder` lies in; one for this call only where it lies in none. */
  with<T>(folder: string, use: (owner: Owner | undefined) => Promise<T>): Promise<T>;
  /** `note` remembers the folder for as long as it is used. */
  forScratch<T>(make: (owner: Owner | undefined, note: (use: Use<T>) => Use<T>) => Promise<T>): Promise<T>;
}

/** Tells the users of sandboxes from others; `firstUid` as for `createOwners`. */
export function sandboxUsers(firstUid = FIRST_UID): (uid: number) => boolean {
  return (uid) => uid >= firstUid && uid < firstUid + UIDS;
}

/** `firstUid`: the first of 256 users, one for each run, where this process is root. */
export function createOwners(firstUid = FIRST_UID): Owners {
  if (process.getuid?.() !== 0) {
    return { with: (_folder, use) => use(undefined), forScratch: (make) => make(undefined, (use) => use) };
  }
  const uids = sharedUids(firstUid, UIDS);
  const known = new Map<string, Owner>();
  return {
    with(folder, use) {
      const scratch = [...known.keys()].find((path) => folder === path || folder.startsWith(path + sep));
      const owner = scratch === undefined ? undefined : known.get(scratch);
      return owner === undefined ? uids.lease((uid) => use({ uid, gid: uid })) : use(owner);
    },
    forScratch: (make) =>
      uids.lease((uid) => {
        const owner = { uid, gid: uid };
        return make(owner, (use) => async (folder) => {
          known.set(folder, owner);
          try {
            return await use(folder);
          } finally {
            known.delete(folder);
          }
        });
      }),
  };
}
