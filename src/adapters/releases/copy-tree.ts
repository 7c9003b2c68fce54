/**
 * Copies a folder that sandboxed commands may have written in: files, folders and links that stay inside, nothing else.
 *
 * Sockets, pipes, devices and links that lead out are left behind; owner and special mode bits are not taken over.
 */
import { constants } from 'node:fs';
import { chmod, mkdir, open, readdir, readlink, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileHandle } from 'node:fs/promises';
import { flushFolder } from '../artifacts/write-whole';
import { linkStaysInside } from '../workspace/paths';

/** `to` must not exist; everything is flushed to disk. The `.git` of a folder is not part of a release. */
export async function copyTree(from: string, to: string, below = ''): Promise<void> {
  await mkdir(join(to, below), { mode: 0o755 });
  await chmod(join(to, below), 0o755);
  for (const entry of await readdir(join(from, below), { withFileTypes: true })) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.name === '.git') continue;
    if (entry.isDirectory()) await copyTree(from, to, path);
    else if (entry.isFile()) await copyFile(join(from, path), join(to, path));
    else if (entry.isSymbolicLink()) await copyLink(from, to, path);
  }
  await flushFolder(join(to, below));
}

async function copyFile(from: string, to: string): Promise<void> {
  const source = await open(from, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const { mode } = await source.stat();
    const target = await open(to, 'wx', 0o644);
    try {
      await pour(source, target);
      await target.chmod((mode & 0o111) === 0 ? 0o644 : 0o755);
      await target.sync();
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

async function pour(source: FileHandle, target: FileHandle): Promise<void> {
  const buffer = Buffer.allocUnsafe(256 * 1024);
  for (;;) {
    const { bytesRead } = await source.read(buffer, 0, buffer.length, null);
    if (bytesRead === 0) return;
    await target.writeFile(buffer.subarray(0, bytesRead));
  }
}

async function copyLink(from: string, to: string, path: string): Promise<void> {
  const target = await readlink(join(from, path));
  if (linkStaysInside(path, target)) await symlink(target, join(to, path));
}
