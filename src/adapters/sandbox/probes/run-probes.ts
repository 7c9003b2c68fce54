/**
 * The sandbox's test of itself: programs that try to get out, run for real, and what must have become of them.
 *
 * All runs go side by side, so that a worker waits a moment only.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sandbox } from '../../../ports/sandbox';
import { copyTree } from '../../machine/copy-tree';
import type { SandboxLimits } from '../limits';
import { NO_TOOLCHAIN } from '../profile';
import type { Toolchain } from '../profile';
import { withScratch } from '../scratch';
import { bombs, LONG_LINGER_S } from './bombs';
import type { Bomb } from './bombs';
import { withStage } from './stage';
import type { Stage } from './stage';
import type { Finding } from './verdict';

/** A sandbox that holds, but for these limits, as the one under test does. */
type Make = (limits: Partial<SandboxLimits>) => Sandbox;

const TIMEOUT_MS = 20_000;
/** Four levels up from the sources and from the compiled files alike. */
const PROGRAMS = join(__dirname, '..', '..', '..', '..', 'sandbox-programs');
/** Variables that a command may see: those it was given, and what a shell sets by itself. */
const VARIABLES = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'TZ', 'CI', 'PWD', 'OLDPWD', 'SHLVL', '_'];

/** `outside`: a folder that every user may enter. `toolchain`: what is shown on purpose. `signal`: ends all of them, and throws its reason. */
export async function runProbes(
  makeAny: Make,
  place: { outside: string; toolchain?: Toolchain | undefined; signal?: AbortSignal | undefined },
): Promise<Finding[]> {
  const { signal, toolchain } = place;
  const make: Make = (limits) => {
    const sandbox = makeAny(limits);
    return { ...sandbox, run: (input) => sandbox.run({ ...input, signal }) };
  };
  const explosive = bombs();
  return withStage(place.outside, async (stage) => {
    const parts = [
      probeNode(make({}), stage, { toolchain: NO_TOOLCHAIN, ...(toolchain && { toolchain }), outside: place.outside }),
      probePython(make({}), stage),
      probeShell(make({}), stage),
      probeTimeOut(make({}), stage),
      ...explosive.map((bomb) => explode(make(bomb.limits), bomb)),
    ];
    // All are waited for: a stage that is taken down under a running probe would prove nothing.
    const results = await Promise.allSettled(parts);
    const findings = results.flatMap((result) => {
      if (result.status === 'rejected') throw result.reason;
      return result.value;
    });
    return explodeAgain(make, findings);
  });
}

/**
 * What is held by a look every few milliseconds may be missed once on a busy machine: before the sandbox is refused, the few bombs
 * that were not stopped are tried again, one after the other and for longer. Where half of them were not, nothing holds them.
 */
async function explodeAgain(make: Make, findings: Finding[]): Promise<Finding[]> {
  const patient = bombs(LONG_LINGER_S);
  const escaped = (bomb: Bomb): boolean => findings.some((one) => one.escaped && one.probe === bomb.probe);
  const again = patient.filter(escaped);
  if (again.length === 0 || again.length >= patient.length / 2) return findings;
  const second: Finding[] = [];
  for (const bomb of again) second.push(...(await explode(make(bomb.limits), bomb)));
  return findings.map((one) => second.find(({ probe }) => probe === one.probe) ?? one);
}

/** Handed over as an argument: the sandbox then shows no file of ours. */
function textOf(program: string): Promise<string> {
  return readFile(join(PROGRAMS, program), 'utf8');
}

async function probeNode(
  sandbox: Sandbox,
  stage: Stage,
  { outside, toolchain }: { outside: string; toolchain: Toolchain },
): Promise<Finding[]> {
  const program = await textOf('probes.cjs');
  const shown = toolchain.shown.map(({ to }) => to);
  const variables = [...VARIABLES, ...Object.keys(toolchain.env)];
  const given = JSON.stringify({ ...stage, canaryText: '', variables, toolchain: shown });
  return sandbox.withScratch(async (folder) => {
    const result = await sandbox.run({ folder, command: ['node', '-e', program, given], timeoutMs: TIMEOUT_MS });
    const findings = read(result.output, 'node');
    if (result.exitCode !== 43)
      findings.push(broken('node', `exit code 43 became ${result.exitCode}; ${result.output}`));
    return [...findings, await followLinks(folder, stage, outside)];
  });
}

/** The command left links that lead out: our own readers must not go through them. */
async function followLinks(folder: string, { canaryText }: Stage, outside: string): Promise<Finding> {
  return withScratch(outside, undefined, async (scratch) => {
    const copy = join(scratch, 'copy');
    await copyTree(folder, copy);
    const names = await readdir(copy);
    const texts = await Promise.all(names.map((name) => readFile(join(copy, name), 'utf8').catch(() => '')));
    const isOut = names.includes('root-out') || texts.some((text) => text.includes(canaryText));
    return { probe: 'a link out of the folder', from: 'node', escaped: isOut, detail: isOut ? 'it was followed' : '' };
  });
}

/** Where the machine has no python3, nobody can get out by it. */
async function probePython(sandbox: Sandbox, stage: Stage): Promise<Finding[]> {
  const command = ['python3', '-I', '-S', '-c', await textOf('probes.py'), JSON.stringify(stage)];
  const { output, exitCode } = await sandbox.withScratch((folder) =>
    sandbox.run({ folder, command, timeoutMs: TIMEOUT_MS }),
  );
  return exitCode === 127 ? [] : read(output, 'python');
}

async function probeShell(sandbox: Sandbox, stage: Stage): Promise<Finding[]> {
  const { canary, pid, started, port, machine } = stage;
  const given = [canary, String(pid), started, port.toString(16).padStart(4, '0'), machine];
  return sandbox.withScratch(async (folder) => {
    await mkdir(join(folder, '.git'));
    await writeFile(join(folder, '.git/config'), '[core]\n');
    const command = ['sh', '-c', await textOf('probes.sh'), 'sh', ...given];
    const { output } = await sandbox.run({ folder, command, timeoutMs: TIMEOUT_MS });
    return read(output, 'shell');
  });
}

/** A process that leaves its group and lives on after the time is up. */
async function probeTimeOut(sandbox: Sandbox, { mark }: Stage): Promise<Finding[]> {
  const loop = `setsid sh -c 'i=0; while [ $i -lt 300 ]; do sleep 0.1; i=$((i+1)); done' ${mark} > /dev/null 2>&1`;
  const command = ['sh', '-c', `${loop} & sleep 5`];
  const { timedOut, exitCode } = await sandbox.withScratch((folder) =>
    sandbox.run({ folder, command, timeoutMs: 150 }),
  );
  // What is held is gone at the first look, or a moment later where the machine is busy.
  const deadline = performance.now() + 10_000;
  let left = await withMark(mark);
  while (left.length > 0 && performance.now() < deadline) left = await withMark(mark);
  for (const pid of left) process.kill(pid, 'SIGKILL');
  const ranOn = left.length > 0 ? 'it ran on' : '';
  const detail = timedOut ? ranOn : `its time was not up when it ended with ${exitCode ?? 'a kill'}`;
  return [{ probe: 'living on after the end', from: 'shell', escaped: detail !== '', detail }];
}

async function withMark(mark: string): Promise<number[]> {
  const all = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(all.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return all.filter((_, index) => lines[index]?.includes(mark)).map(Number);
}

async function explode(sandbox: Sandbox, { probe, from, command, timeoutMs }: Bomb): Promise<Finding[]> {
  const { output, timedOut } = await sandbox.withScratch((folder) => sandbox.run({ folder, command, timeoutMs }));
  // What only its time ended was held by nothing.
  const escaped = timedOut || output.includes('survived');
  return [{ probe, from, escaped, detail: escaped ? 'it was not stopped' : '' }];
}

function read(output: string, from: Finding['from']): Finding[] {
  const lines = [...output.matchAll(/^probe\t([^\t\n]*)\t([01])\t(.*)$/gm)];
  const findings = lines.map(([, probe = '', escaped, detail = '']) => ({
    probe,
    from,
    escaped: escaped === '1',
    detail,
  }));
  return /^probes done$/m.test(output) ? findings : [...findings, broken(from, output)];
}

/** A program that does not run proves nothing, and no build could use such a sandbox. */
function broken(from: Finding['from'], output: string): Finding {
  const detail = output
    .replace(/^probe\t.*$/gm, '')
    .trim()
    .slice(-300);
  return { probe: `${from} runs`, from, escaped: true, detail: detail || 'no output' };
}
