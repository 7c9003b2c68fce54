/**
 * `npm run replay -- [--jobs N] [--approve] [--kept] [--tests-by code_writer] <repository> <commit> [<repository> <commit> ...]`:
 * builds real commits with mock roles.
 *
 * `--approve` approves findings that wait for a person. `--kept` makes the plan's criterion one that the base meets already. Each commit
 * is one row: its last state, seconds, paid calls, approvals, and the reason if it did not complete.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import startTestServer from '../../test/server';
import stopTestServer from '../../test/server-stop';
import type { Variant } from './answers';
import { readCommit } from './commit';
import { replayCommits } from './replay-commits';

const OPTIONS = {
  jobs: { type: 'string', default: '2' },
  approve: { type: 'boolean', default: false },
  kept: { type: 'boolean', default: false },
  'tests-by': { type: 'string', default: 'test_auditor' },
} as const;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  const pairs = positionals.flatMap((word, index) =>
    index % 2 === 0 ? [[word, positionals[index + 1] ?? 'HEAD']] : [],
  );
  const testsBy = values['tests-by'] === 'code_writer' ? 'code_writer' : 'test_auditor';
  const variant: Variant = { testsBy, kind: values.kept ? 'kept' : 'new' };
  const commits = pairs.map(([repository = '', commit = '']) => readCommit(repository, commit));
  await startTestServer();
  const folder = mkdtempSync(join(tmpdir(), 'q-replay-'));
  try {
    const results = await replayCommits(commits, {
      folder,
      variant,
      jobs: Number(values.jobs),
      approve: values.approve ? 'all' : [],
    });
    return results.some(({ endState }) => endState !== 'complete') ? 1 : 0;
  } finally {
    await stopTestServer();
    rmSync(folder, { recursive: true, force: true });
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);
