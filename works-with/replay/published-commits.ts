/**
 * Makes a repository of two commits from a published change: the files of the old version, and those of the new one. Files that
 * only archives have are left out, and so are CI files, whose change would wait for a person.
 */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gitIn } from '../repository';
import { readCommit } from './commit';
import type { RealCommit } from './commit';
import { fetchVersion } from './fetch-published';
import type { PublishedChange } from './published';

const LEFT_OUT =
  /^(PKG-INFO|\.cargo_vcs_info\.json|Cargo\.toml\.orig|\.cargo-checksum\.json|\.cargo-ok|\.github|\.circleci|\.travis\.yml|\.idea|.*\.egg-info)$/;

/** Gives the commit of the new version; its parent is the base. */
export async function commitOf(change: PublishedChange, folder: string): Promise<RealCommit> {
  const place = join(folder, nameOf(change));
  mkdirSync(place, { recursive: true });
  const git = gitIn(place);
  git('init', '-q', '-b', 'main');
  git('config', 'core.autocrlf', 'false');
  for (const version of [change.from, change.to]) {
    for (const name of readdirSync(place)) if (name !== '.git') rmSync(join(place, name), { recursive: true });
    await fetchVersion(change, version, place);
    for (const name of readdirSync(place).filter((one) => LEFT_OUT.test(one)))
      rmSync(join(place, name), { recursive: true });
    git('add', '--force', '--all', '.');
    git('commit', '-q', '-m', `${change.name} ${version.version}`);
  }
  return readCommit(place, 'HEAD');
}

/** Makes a name for the change, which is also the project's id. */
export function nameOf({ ecosystem, name, to }: PublishedChange): string {
  return `${ecosystem}-${name}-${to.version}`.replace(/[^A-Za-z0-9]+/g, '-');
}
