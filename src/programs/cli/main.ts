/**
 * The program `qo`. Exit code 0: all is well; 1: something is wrong; 2: it could not be asked or read.
 */
import { writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { verifyFile } from './verify-file';

const HELP = `qo verify <record.json> [--key <fingerprint>]

  Checks the record of a build (GET /api/workflows/<id>/record) without a server: its chain, its contents, its story,
  its evidence, its signature. Says what is wrong, and where.
  --key   the record must be signed by the key with this fingerprint (SHA256:…)

  exit code 0: nothing is wrong; 1: something is; 2: it is no record, or cannot be read
`;

function main(given: string[]): number {
  try {
    const options = { key: { type: 'string' }, help: { type: 'boolean' } } as const;
    const { values, positionals } = parseArgs({ args: given, options, allowPositionals: true });
    const [verb, file, ...more] = positionals;
    if (values.help === true) return say(1, HELP, 0);
    if (verb !== 'verify' || file === undefined || more.length > 0) return say(2, HELP, 2);
    const { lines, exitCode } = verifyFile(file, values.key ?? null);
    return say(exitCode === 2 ? 2 : 1, `${lines.join('\n')}\n`, exitCode);
  } catch (error) {
    return say(2, `${error instanceof Error ? error.message : String(error)}\n\n${HELP}`, 2);
  }
}

function say(stream: 1 | 2, text: string, exitCode: number): number {
  writeSync(stream, text);
  return exitCode;
}

process.exitCode = main(process.argv.slice(2));
