/** Tests what still works without a sandbox. */
import { createNoSandbox } from '../../../src/adapters/sandbox/none';

const sandbox = createNoSandbox();

test('commands run in the scratch folder with a clean environment, and the sandbox is called "none"', async () => {
  process.env['Q_TEST_SECRET'] = 'do-not-show';
  await sandbox.withScratch(async (folder) => {
    const result = await sandbox.run({ folder, command: ['sh', '-c', 'pwd; env; exit 4'], timeoutMs: 5_000 });
    expect(result.exitCode).toBe(4);
    expect(result.output).toContain(folder);
    expect(result.output).not.toContain('do-not-show');
  });
  delete process.env['Q_TEST_SECRET'];
  expect(sandbox.name).toBe('none');
  await sandbox.selfTest();
});

test('a time-out ends the whole process group', async () => {
  await sandbox.withScratch(async (folder) => {
    const result = await sandbox.run({ folder, command: ['sh', '-c', 'sleep 20 & sleep 20'], timeoutMs: 300 });
    expect(result).toMatchObject({ timedOut: true, exitCode: null });
    expect(result.durationMs).toBeLessThan(3_000);
  });
});
