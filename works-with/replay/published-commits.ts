/**
 * Makes a repository of two commits from a published change: the files of the old version, and those of the new version. It omits files
 * that only archives have, and CI files, since a change of those would wait for a person.
 */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gitIn } from '../repository';
import { readCommit } from './commit';
import type { RealCommit } from './commit';
import { fetchVersion } from './fetch-published';
import type { PublishedChange } from './published';

const OMITTED_FILES =
  /^(PKG-INFO|\.cargo_vcs_info\.json|Cargo\.toml\.orig|\.cargo-checksum\.json|\.cargo-ok|\.github|\.circleci|\.travis\.yml|\.idea|.*\.egg-info)$/;

/** Gives the commit of the new version; its parent is the base. */
export async function commitOf(change: PublishedChange, folder: string): Promise<RealCommit> {
  const path = join(folder, nameOf(change));
  mkdirSync(path, { recursive: true });
  const git = gitIn(path);
  git('init', '-q', '-b', 'main');
  git('config', 'core.autocrlf', 'false');
  for (const version of [change.from, change.to]) {
    for (const name of readdirSync(path)) if (name !== '.git') rmSync(join(path, name), { recursive: true });
    await fetchVersion(change, version, path);
    for (const name of readdirSync(path).filter((one) => OMITTED_FILES.test(one)))
      rmSync(join(path, name), { recursive: true });
    git('add', '--force', '--all', '.');
    git('commit', '-q', '-m', `${change.name} ${version.version}`);
  }
  return readCommit(path, 'HEAD');
}

/** Makes a name for the change, which is also the project's id. */
export function nameOf({ ecosystem, name, to }: PublishedChange): string {
  return `${ecosystem}-${name}-${to.version}`.replace(/[^A-Za-z0-9]+/g, '-');
}
