/**
 * `npm run probes`: tries to get out of the configured sandbox in every way we know, and prints what became of it.
 *
 * Exits 1 where anything got out.
 */
import { tmpdir } from 'node:os';
import { createNoSandbox } from '../adapters/sandbox/none';
import { runProbes } from '../adapters/sandbox/probes/run-probes';
import { table } from '../adapters/sandbox/probes/verdict';
import { findToolchain } from '../adapters/sandbox/toolchain';
import { narrowEnvironment, readConfig } from './config';
import { createSandbox } from './wiring';
import { oneLine, say } from './program';

async function main(): Promise<void> {
  // What the same probes reach without a sandbox shows that they can tell.
  const isBare = process.argv.includes('--without-sandbox');
  const config = readConfig();
  narrowEnvironment();
  const startedAt = performance.now();
  const findings = await runProbes((limits) => (isBare ? createNoSandbox() : createSandbox(config, limits)), {
    outside: tmpdir(),
    toolchain: isBare || config.sandbox.driver !== 'bubblewrap' ? undefined : await findToolchain(config.setup.worker),
  });
  process.stdout.write(`${table(findings)} in ${Math.round(performance.now() - startedAt)} ms\n`);
  process.exitCode = findings.some(({ escaped }) => escaped) ? 1 : 0;
}

main().catch((error: unknown) => {
  say(oneLine(error));
  process.exitCode = 1;
});
