/**
 * Makes a replay of calls: runs the tests once with sources that record the calls of changed exports, then makes these calls again in
 * processes without tests, and lets the domain compare the answers.
 *
 * If the recording run fails, nothing is replayed and a note says so; the failure itself is not judged.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Context } from '@temporalio/activity';
import {
  answerIn,
  chooseForSingleReplay,
  needsTestFolder,
  judgeFirst,
  judgeFurther,
  mergeFindings,
} from '../../domain/experiments/judge-replay';
import type { ReplayVerdict, JudgedCalls, ReplayResult } from '../../domain/experiments/judge-replay';
import { AS_TESTS, BARE, BARE_AGAIN, TEST_RUN_SIGNS, USUAL } from '../../domain/experiments/replay-setting';
import type { ReplaySetting, RecordedCall, RecordedGroup } from '../../domain/experiments/replay-setting';
import type { Recording } from '../../inspect/replay/variant';
import type { PreparedCheckout } from '../../ports/checkouts';
import type { LaidFile, TestRun } from '../../ports/test-runner';
import type { Deps } from '../deps';
import { runReader } from '../run-reader';
import type { LockedFile } from '../testing/locked-tests';
import type { TestMethod } from '../testing/run-tests';
import { replayAsInProduction } from './replay-as-in-production';
import { readProductionContext } from './production-context';
import type { ProductionContext } from './production-context';
import { readBounded } from './read-bounded';
import { RECORDERS, replay } from './replay';

export interface ReplayInput {
  method: TestMethod;
  commit: string;
  locked: LockedFile[];
  laid: LaidFile[];
  changedSources: LaidFile[];
  /** New and changed tests. */
  tests?: LaidFile[];
}
interface Recorded {
  groups: RecordedGroup[];
  /** The recording variants of the sources, by path. */
  recordings: Map<string, Recording>;
  notes: string[];
}

const MAX_RECORD_BYTES = 4 * 1024 * 1024;
const MAX_GROUPS = 6;
const DAY_MS = 86_400_000;
/** How far the clock is moved for a replay in the future. */
const SHIFT_MS = 400 * DAY_MS;
const MAX_DATES = 3;

export async function replayCalls(deps: Deps, input: ReplayInput): Promise<ReplayVerdict> {
  if (deps.sandbox.name === 'none')
    return { asked: 0, findings: [], notes: ['without a sandbox, the calls that tests made are not made again'] };
  const { groups, recordings, notes } = await record(deps, input);
  if (groups.length === 0) return { asked: 0, findings: [], notes };
  const now = Date.now();
  const dates = await runReader(deps, 'dates', { sources: input.changedSources, nowMs: now });
  const replayedGroups = groups.slice(0, MAX_GROUPS);
  if (replayedGroups.length < groups.length)
    notes.push(`the calls of ${groups.length - replayedGroups.length} more test processes were not made again`);
  const { method, commit } = input;
  const signal = Context.current().cancellationSignal;
  const judged = await deps.checkouts.with(
    { at: { ...method.repo, commit }, base: method.base, overrides: method.overrides, signal },
    async (checkout) => {
      const judgedGroups: Array<Pick<JudgedCalls, 'findings' | 'notes'>> = [];
      const callsMade = new Set<string>();
      const production = await readProductionContext(checkout, input);
      for (const group of replayedGroups)
        judgedGroups.push(await judgeGroup(checkout, group, { dates, now, signal, production, callsMade }));
      return judgedGroups;
    },
  );
  const findings = mergeFindings(judged.flatMap((group) => group.findings)).map((finding) => ({
    ...finding,
    line: lineOf(recordings.get(finding.path), finding.name),
  }));
  const count = replayedGroups.reduce((sum, { calls }) => sum + calls.length, 0);
  return { asked: count, findings, notes: [...new Set([...notes, ...judged.flatMap((group) => group.notes)])] };
}

/** Runs the tests with the recording variants in the place of the changed sources. */
async function record(deps: Deps, { method, commit, locked, laid, changedSources }: ReplayInput): Promise<Recorded> {
  const laidPaths = new Set([...locked, ...laid].map(({ path }) => path));
  const sources = changedSources.filter(({ path }) => !laidPaths.has(path));
  return deps.sandbox.withScratch(async (folder) => {
    const recordings = await runReader(deps, 'recordings', { sources, recorders: RECORDERS, folder });
    const variants = [...recordings].flatMap(([path, { text }]) => (text === null ? [] : [{ path, text }]));
    const notes = [...recordings.values()].flatMap(({ note }) => (note === null ? [] : [note]));
    if (variants.length === 0) return { groups: [], recordings, notes };
    const run = await runRecording(deps, { method, commit, locked, laid: [...laid, ...variants] }, folder);
    if (run.failing.length > 0 || run.timedOut || (run.exitCode !== 0 && run.tests.length === 0))
      return { groups: [], recordings, notes: [...notes, 'the calls of the tests could not be recorded'] };
    const paths = new Set(variants.map(({ path }) => path));
    const groups = await runReader(deps, 'groups', { texts: await readTexts(folder), paths });
    return { groups, recordings, notes: [...notes, ...describeUnrecorded(variants, groups)] };
  });
}

async function runRecording(
  deps: Deps,
  { method, commit, ...run }: Pick<ReplayInput, 'method' | 'commit' | 'locked' | 'laid'>,
  folder: string,
): Promise<TestRun> {
  const signal = Context.current().cancellationSignal;
  const input = { at: { ...method.repo, commit }, base: method.base, overrides: method.overrides, signal };
  return deps.checkouts.with(input, (checkout) =>
    deps.runners.run({
      checkout: makeWritable(checkout, folder),
      ...{ choice: method.choice, ...run, coverage: false, timeoutMs: deps.testTimeoutMs, signal },
    }),
  );
}

/** Gives the same checkout whose runs may also write to the folder. */
function makeWritable(checkout: PreparedCheckout, folder: string): PreparedCheckout {
  const shown = { from: folder, to: folder };
  return { ...checkout, run: (run) => checkout.run({ ...run, writable: [...(run.writable ?? []), shown] }) };
}

function describeUnrecorded(variants: LaidFile[], groups: RecordedGroup[]): string[] {
  const seen = new Set(groups.flatMap(({ calls }) => calls.map(({ path }) => path)));
  return variants
    .filter(({ path }) => !seen.has(path))
    .map(({ path }) => `${path}: tests made no call that can be recorded`);
}

/** Reads the records. The tests wrote them, so only regular files of limited size are read. */
async function readTexts(folder: string): Promise<string[]> {
  const texts: string[] = [];
  let leftBytes = MAX_RECORD_BYTES;
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('.jsonl')).sort()) {
    const part = await readBounded(join(folder, name), leftBytes);
    if (part === undefined) continue;
    leftBytes -= part.length;
    texts.push(part.toString('utf8'));
    if (leftBytes <= 0) break;
  }
  return texts;
}

interface GroupSettings {
  /** Future dates that each file names. */
  dates: Map<string, number[]>;
  now: number;
  signal: AbortSignal;
  production: ProductionContext;
  /** Calls that were already made under the conditions of production. */
  callsMade: Set<string>;
}

async function judgeGroup(
  checkout: PreparedCheckout,
  group: RecordedGroup,
  { dates, now, signal, production, callsMade }: GroupSettings,
): Promise<Pick<JudgedCalls, 'findings' | 'notes'>> {
  let isOwnedBySandboxUser = false;
  const replayOnce = async (setting: ReplaySetting, calls?: RecordedCall[]): Promise<ReplayResult> => ({
    setting,
    ...(await replay(checkout, { group, setting, calls, signal, isOwnedBySandboxUser })),
  });
  const inOtherFolder = await replayOnce(BARE);
  isOwnedBySandboxUser = true;
  const isBoundToFolder = needsTestFolder(group.calls, inOtherFolder);
  const inPlace = (setting: ReplaySetting): ReplaySetting => (isBoundToFolder ? { ...setting, folder: 0 } : setting);
  const replayGroup = (setting: ReplaySetting, calls?: RecordedCall[]) => replayOnce(inPlace(setting), calls);
  const namedDates = [...new Set(group.calls.map(({ path }) => path))].flatMap((path) => dates.get(path) ?? []);
  const shifts = namedDates.map((at) => at + DAY_MS - now).filter((byMs) => byMs > SHIFT_MS);
  const [bare, again, withoutInterfaces, withMoreInterfaces, ...later] = await Promise.all([
    isBoundToFolder ? replayGroup(BARE) : inOtherFolder,
    replayGroup(BARE_AGAIN),
    replayGroup({ ...BARE, interfaces: 'none' }),
    replayGroup({ ...BARE, interfaces: 'more' }),
    ...[SHIFT_MS, ...shifts.slice(0, MAX_DATES)].map((shiftMs) => replayGroup({ ...BARE, shiftMs })),
  ]);
  const firstReplays = { bare, again, later, interfaces: [withoutInterfaces, withMoreInterfaces] };
  const first = judgeFirst(group.calls, firstReplays, (path) => (dates.get(path) ?? []).length > 0);
  const hasSameAnswer = (call: RecordedCall) =>
    [bare, again].every((answers) => answerIn(answers, call) === call.answer);
  const inProduction = await replayAsInProduction({
    replay: replayGroup,
    group,
    hasSameAnswer: hasSameAnswer,
    firstReplays: firstReplays,
    production,
    callsMade,
  });
  first.findings.push(...inProduction.findings);
  first.notes.push(...inProduction.notes);
  if (first.suspects.length === 0) return first;
  const suspects = chooseForSingleReplay(first.suspects);
  const [usual, asTests, ...parts] = await Promise.all([
    replayGroup(USUAL),
    replayGroup(AS_TESTS),
    ...TEST_RUN_SIGNS.map(({ setting }) => replayGroup(setting)),
  ]);
  const singleCalls = await Promise.all(suspects.map((call) => replayGroup(BARE, [call])));
  const alone = { setting: bare.setting, answers: new Map(singleCalls.flatMap(({ answers }) => [...answers])) };
  const judged = judgeFurther(suspects, bare, { usual, asTests, parts, alone });
  return { findings: [...first.findings, ...judged.findings], notes: [...first.notes, ...judged.notes] };
}

function lineOf(recording: Recording | undefined, name: string): number {
  return recording?.functions.find((entry) => entry.name === name)?.line ?? 1;
}
