/**
 * Tests a sandbox with programs that try to escape from it, and collects the result of each.
 *
 * All probes run in parallel, so that the worker starts quickly.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sandbox } from '../../../ports/sandbox';
import { copyTree } from '../../machine/copy-tree';
import type { SandboxLimits } from '../limits';
import { NO_TOOLCHAIN } from '../profile';
import type { Toolchain } from '../profile';
import { withScratch } from '../scratch';
import { bombs, LONG_WAIT_S } from './bombs';
import type { Bomb } from './bombs';
import { withProbeTargets } from './stage';
import type { ProbeTargets } from './stage';
import type { Finding } from './verdict';

/** Makes a sandbox like the one under test, with some limits changed. */
type MakeSandbox = (limits: Partial<SandboxLimits>) => Sandbox;

const TIMEOUT_MS = 20_000;
/** The path is the same from the sources and from the compiled files. */
const PROGRAMS = join(__dirname, '..', '..', '..', '..', 'sandbox-programs');
/** Variables that a command may see: those of the sandbox, and those that a shell sets by itself. */
const VARIABLES = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'TZ', 'CI', 'PWD', 'OLDPWD', 'SHLVL', '_'];

/**
 * Runs all probes. `outside` is a folder that every user may enter; `toolchain` lists the programs that the sandbox shows on
 * purpose; `signal` ends all probes, and its reason is thrown.
 */
export async function runProbes(
  makeSandbox: MakeSandbox,
  options: { outside: string; toolchain?: Toolchain | undefined; signal?: AbortSignal | undefined },
): Promise<Finding[]> {
  const { signal, toolchain } = options;
  const make: MakeSandbox = (limits) => {
    const sandbox = makeSandbox(limits);
    return { ...sandbox, run: (input) => sandbox.run({ ...input, signal }) };
  };
  const allBombs = bombs();
  return withProbeTargets(options.outside, async (targets) => {
    const parts = [
      probeNode(make({}), targets, {
        toolchain: NO_TOOLCHAIN,
        ...(toolchain && { toolchain }),
        outside: options.outside,
      }),
      probePython(make({}), targets),
      probeShell(make({}), targets),
      probeTimeOut(make({}), targets),
      ...allBombs.map((bomb) => runBomb(make(bomb.limits), bomb)),
    ];
    // It waits for all probes, also if one fails: a probe that runs without its targets would prove nothing.
    const results = await Promise.allSettled(parts);
    const findings = results.flatMap((result) => {
      if (result.status === 'rejected') throw result.reason;
      return result.value;
    });
    return retryBombs(make, findings);
  });
}

/**
 * Runs the bombs that were not stopped once more, one after the other and with a longer wait: on a busy machine the watch may
 * have looked too late. If half of the bombs or more were not stopped, there is no second try: nothing enforces the limits.
 */
async function retryBombs(make: MakeSandbox, findings: Finding[]): Promise<Finding[]> {
  const slowBombs = bombs(LONG_WAIT_S);
  const hasEscaped = (bomb: Bomb): boolean => findings.some((found) => found.escaped && found.probe === bomb.probe);
  const toRetry = slowBombs.filter(hasEscaped);
  if (toRetry.length === 0 || toRetry.length >= slowBombs.length / 2) return findings;
  const retried: Finding[] = [];
  for (const bomb of toRetry) retried.push(...(await runBomb(make(bomb.limits), bomb)));
  return findings.map((first) => retried.find(({ probe }) => probe === first.probe) ?? first);
}

/** Reads a probe's program. It is passed as an argument, so that the sandbox need not show a file of the worker. */
function readProgram(program: string): Promise<string> {
  return readFile(join(PROGRAMS, program), 'utf8');
}

async function probeNode(
  sandbox: Sandbox,
  targets: ProbeTargets,
  { outside, toolchain }: { outside: string; toolchain: Toolchain },
): Promise<Finding[]> {
  const program = await readProgram('probes.cjs');
  const shownPaths = toolchain.shown.map(({ to }) => to);
  const variables = [...VARIABLES, ...Object.keys(toolchain.env)];
  const input = JSON.stringify({ ...targets, canaryText: '', variables, toolchain: shownPaths });
  return sandbox.withScratch(async (folder) => {
    const result = await sandbox.run({ folder, command: ['node', '-e', program, input], timeoutMs: TIMEOUT_MS });
    const findings = readFindings(result.output, 'node');
    // The program ends with 43, to show that the sandbox passes the exit code on.
    if (result.exitCode !== 43)
      findings.push(failedProbe('node', `exit code 43 became ${result.exitCode}; ${result.output}`));
    return [...findings, await followLinks(folder, targets, outside)];
  });
}

/** Checks that the worker does not follow the links to outside that the command left in the folder. */
async function followLinks(folder: string, { canaryText }: ProbeTargets, outside: string): Promise<Finding> {
  return withScratch(outside, undefined, async (scratch) => {
    const copy = join(scratch, 'copy');
    await copyTree(folder, copy);
    const names = await readdir(copy);
    const texts = await Promise.all(names.map((name) => readFile(join(copy, name), 'utf8').catch(() => '')));
    const isOut = names.includes('root-out') || texts.some((text) => text.includes(canaryText));
    return { probe: 'a link out of the folder', from: 'node', escaped: isOut, detail: isOut ? 'it was followed' : '' };
  });
}

/** Runs the probes in Python; on a machine without python3 there is nothing to test. */
async function probePython(sandbox: Sandbox, targets: ProbeTargets): Promise<Finding[]> {
  const command = ['python3', '-I', '-S', '-c', await readProgram('probes.py'), JSON.stringify(targets)];
  const { output, exitCode } = await sandbox.withScratch((folder) =>
    sandbox.run({ folder, command, timeoutMs: TIMEOUT_MS }),
  );
  return exitCode === 127 ? [] : readFindings(output, 'python');
}

async function probeShell(sandbox: Sandbox, targets: ProbeTargets): Promise<Finding[]> {
  const { canary, pid, started, port, machine } = targets;
  const args = [canary, String(pid), started, port.toString(16).padStart(4, '0'), machine];
  return sandbox.withScratch(async (folder) => {
    await mkdir(join(folder, '.git'));
    await writeFile(join(folder, '.git/config'), '[core]\n');
    const command = ['sh', '-c', await readProgram('probes.sh'), 'sh', ...args];
    const { output } = await sandbox.run({ folder, command, timeoutMs: TIMEOUT_MS });
    return readFindings(output, 'shell');
  });
}

/** Checks that a process that leaves its process group is ended when the run's time is over. */
async function probeTimeOut(sandbox: Sandbox, { mark }: ProbeTargets): Promise<Finding[]> {
  const loop = `setsid sh -c 'i=0; while [ $i -lt 300 ]; do sleep 0.1; i=$((i+1)); done' ${mark} > /dev/null 2>&1`;
  const command = ['sh', '-c', `${loop} & sleep 5`];
  const { timedOut, exitCode } = await sandbox.withScratch((folder) =>
    sandbox.run({ folder, command, timeoutMs: 150 }),
  );
  // In a working sandbox the process is gone at once, or a moment later on a busy machine.
  const deadline = performance.now() + 10_000;
  let remainingPids = await findProcesses(mark);
  while (remainingPids.length > 0 && performance.now() < deadline) remainingPids = await findProcesses(mark);
  for (const pid of remainingPids) process.kill(pid, 'SIGKILL');
  const ranOn = remainingPids.length > 0 ? 'it ran on' : '';
  const detail = timedOut ? ranOn : `its time was not up when it ended with ${exitCode ?? 'a kill'}`;
  return [{ probe: 'living on after the end', from: 'shell', escaped: detail !== '', detail }];
}

async function findProcesses(mark: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return pids.filter((_, index) => lines[index]?.includes(mark)).map(Number);
}

async function runBomb(sandbox: Sandbox, { probe, from, command, timeoutMs }: Bomb): Promise<Finding[]> {
  const { output, timedOut } = await sandbox.withScratch((folder) => sandbox.run({ folder, command, timeoutMs }));
  // A bomb that only the time limit ended was not stopped by its own limit.
  const escaped = timedOut || output.includes('survived');
  return [{ probe, from, escaped, detail: escaped ? 'it was not stopped' : '' }];
}

function readFindings(output: string, from: Finding['from']): Finding[] {
  const lines = [...output.matchAll(/^probe\t([^\t\n]*)\t([01])\t(.*)$/gm)];
  const findings = lines.map(([, probe = '', escaped, detail = '']) => ({
    probe,
    from,
    escaped: escaped === '1',
    detail,
  }));
  return /^probes done$/m.test(output) ? findings : [...findings, failedProbe(from, output)];
}

/** Reports a probe program that did not run to its end: it proves nothing, and a build could not use such a sandbox. */
function failedProbe(from: Finding['from'], output: string): Finding {
  const detail = output
    .replace(/^probe\t.*$/gm, '')
    .trim()
    .slice(-300);
  return { probe: `${from} runs`, from, escaped: true, detail: detail || 'no output' };
}
