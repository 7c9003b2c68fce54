/**
 * `npm run probes`: tries to escape from the configured sandbox in all known ways, and prints the results.
 *
 * Exits with code 1 where an escape succeeded.
 */
import { tmpdir } from 'node:os';
import { createNoSandbox } from '../adapters/sandbox/none';
import { runProbes } from '../adapters/sandbox/probes/run-probes';
import { formatFindings } from '../adapters/sandbox/probes/verdict';
import { findToolchain } from '../adapters/sandbox/toolchain';
import { narrowEnvironment, readConfig } from './config';
import { createSandbox } from './wiring';
import { oneLine, say } from './program';

async function main(): Promise<void> {
  // Without a sandbox the same probes must escape: that shows that a probe can detect an escape.
  const isWithoutSandbox = process.argv.includes('--without-sandbox');
  const config = readConfig();
  narrowEnvironment();
  const startedAt = performance.now();
  const findings = await runProbes((limits) => (isWithoutSandbox ? createNoSandbox() : createSandbox(config, limits)), {
    outside: tmpdir(),
    toolchain:
      isWithoutSandbox || config.sandbox.driver !== 'bubblewrap' ? undefined : await findToolchain(config.setup.worker),
  });
  process.stdout.write(`${formatFindings(findings)} in ${Math.round(performance.now() - startedAt)} ms\n`);
  process.exitCode = findings.some(({ escaped }) => escaped) ? 1 : 0;
}

main().catch((error: unknown) => {
  say(oneLine(error));
  process.exitCode = 1;
});
