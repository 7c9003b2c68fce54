/**
 * The program `qo`. Exit code 0: no problem found; 1: a problem found; 2: the command line is wrong, or a file cannot be read or
 * written.
 */
import { writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type * as Settings from '../config';
import type * as Disk from './disk';
import { DISK_HELP, isDiskVerb } from './disk-help';
import type * as Token from './token';
import { verifyFile } from './verify-file';

const HELP = `qo verify <record.json> [--key <fingerprint>]

  Checks the record of a build (GET /api/workflows/<id>/record) without a server: its hash chain, its contents, the order of
  its state changes, its evidence, its signature. Prints what is wrong, and where.
  --key   the record must be signed by the key with this fingerprint (SHA256:…)

  exit code 0: the record is right; 1: it is not; 2: the file is not a record, or cannot be read

qo token create --name <name> --rights <right,…> [--projects <id,…>] [--expires <30d>] [--if-none] [--out <file>]
qo token list [--json]
qo token revoke <name>

  Makes, lists and revokes tokens of the API, in DATA_DIR. A running API applies a change at once. create prints the token once.
  --rights    viewer reads; operator starts and steers builds; approver decides findings; agent submits the work of an external
              role; admin may do everything. Every right includes viewer
  --projects  the projects that the token may see; without --projects: all
  --expires   90m, 12h, 30d, 8w, or a date such as 2030-01-31; without --expires the token never expires
  --if-none   makes the token only where no token exists
  --out       writes the token to this new file, readable by its owner only, instead of printing it

  exit code 0: done; 1: the name is in use, or there is no such token; 2: an argument is wrong, or a file cannot be read or written

${DISK_HELP}`;

async function main(args: string[]): Promise<number> {
  try {
    // Each verb loads only what it needs: `verify` runs without settings and without Temporal.
    if (args[0] === 'token' && !args.includes('--help')) {
      const { runToken } = require('./token') as typeof Token;
      const { readDataDir } = require('../config') as typeof Settings;
      const { out, err, exitCode } = await runToken(args.slice(1), readDataDir());
      writeSync(2, err);
      return print(1, out, exitCode);
    }
    const [verb, ...rest] = args;
    if (isDiskVerb(verb) && !args.includes('--help')) {
      const { runDiskVerb } = require('./disk') as typeof Disk;
      return print(1, await runDiskVerb(verb, rest), 0);
    }
    return verify(args);
  } catch (error) {
    return print(2, `${error instanceof Error ? error.message : String(error)}\n\n${HELP}`, 2);
  }
}

function verify(args: string[]): number {
  const options = { key: { type: 'string' }, help: { type: 'boolean' } } as const;
  const { values, positionals } = parseArgs({
    args: args,
    options,
    allowPositionals: true,
    strict: !args.includes('--help'),
  });
  const [verb, file, ...more] = positionals;
  if (values.help === true) return print(1, HELP, 0);
  if (verb !== 'verify' || file === undefined || more.length > 0) return print(2, HELP, 2);
  const { lines, exitCode } = verifyFile(file, typeof values.key === 'string' ? values.key : null);
  return print(exitCode === 2 ? 2 : 1, `${lines.join('\n')}\n`, exitCode);
}

function print(stream: 1 | 2, text: string, exitCode: number): number {
  writeSync(stream, text);
  return exitCode;
}

main(process.argv.slice(2)).then(
  (exitCode) => (process.exitCode = exitCode),
  (error: unknown) => {
    writeSync(2, `${String(error)}\n`);
    process.exitCode = 2;
  },
);
