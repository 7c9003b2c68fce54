/**
 * Compares the answers that recorded calls got in tests with the answers of replayed calls in other processes. Pure.
 */
import { answerAtTestFolder, TEST_RUN_SIGNS } from './replay-setting';
import type { Answers, ReplaySetting, RecordedCall, Trial } from './replay-setting';

export interface ReplayFinding {
  path: string;
  /** Line of the function, from 1; 1 if it is not known. */
  line: number;
  name: string;
  /** JSON of the arguments of the first differing call, cut. */
  args: string;
  /** The answer that tests got, cut. */
  recorded: string;
  /** The answer in another process, cut. */
  answered: string;
  under: string;
  /** Number of calls of the function with a differing answer. */
  calls: number;
}
/** The results of all replayed calls of a candidate. */
export interface ReplayVerdict {
  /** Number of calls that bare processes replayed. */
  asked: number;
  findings: ReplayFinding[];
  notes: string[];
}
export interface ReplayResult {
  setting: ReplaySetting;
  answers: Answers;
  trials?: Trial[] | undefined;
}
/** The first replays of a group of calls. `bare` and `again` use the same setting. */
export interface FirstReplays {
  bare: ReplayResult;
  again: ReplayResult;
  /** Replays with other clocks. */
  later: ReplayResult[];
  /** Replays with other network interfaces. */
  interfaces: ReplayResult[];
}
export interface JudgedCalls {
  findings: Array<Omit<ReplayFinding, 'line'>>;
  notes: string[];
  /** Calls whose answers differ outside of tests; further replays find the reason. */
  suspects: RecordedCall[];
}
/** The further replays of a group's suspects. */
export interface FurtherReplays {
  usual: ReplayResult;
  asTests: ReplayResult;
  /** One replay for each of `PARTS`, in that order. */
  parts: ReplayResult[];
  /** A replay of only this call, in its own process. */
  alone: ReplayResult;
}

const MAX_SHOWN_CHARS = 200;
/** An answer with these texts lists network interfaces, so it may differ with them legitimately. */
const TELLS_INTERFACES = /127\.0\.0\.1|10\.20\.30\.40|::1|eth0|"lo"|02:42:0a/;

/** `namesDates` is true if the file of a call contains a future date. */
export function judgeFirst(
  calls: RecordedCall[],
  replays: FirstReplays,
  namesDates: (path: string) => boolean,
): JudgedCalls {
  const judged: JudgedCalls = { findings: [], notes: [], suspects: [] };
  for (const call of calls) {
    const bare = answerIn(replays.bare, call);
    if (bare !== answerIn(replays.again, call)) {
      judged.notes.push(`${nameOf(call)} answers differently each time, so it could not be compared`);
    } else if (bare !== call.answer) {
      judged.suspects.push(call);
    } else {
      judgeInterfaces(call, replays, judged);
      judgeClock(call, replays, { judged, namesDates });
    }
  }
  return { ...judged, findings: mergeFindings(judged.findings), notes: [...new Set(judged.notes)] };
}

function judgeInterfaces(call: RecordedCall, { interfaces }: FirstReplays, { findings, notes }: JudgedCalls): void {
  for (const replay of interfaces) {
    const answered = answerIn(replay, call);
    if (answered === call.answer) continue;
    const under = replay.setting.interfaces === 'none' ? 'without a loopback interface' : 'with a network interface';
    if (TELLS_INTERFACES.test(call.answer + answered)) notes.push(`${nameOf(call)} tells of the network's interfaces`);
    else findings.push(findingOf(call, answered, under));
  }
}

function judgeClock(
  call: RecordedCall,
  { later }: FirstReplays,
  { judged, namesDates }: { judged: JudgedCalls; namesDates: (path: string) => boolean },
): void {
  for (const replay of later) {
    const answered = answerIn(replay, call);
    if (answered === call.answer) continue;
    if (namesDates(call.path)) judged.findings.push(findingOf(call, answered, 'at a later date'));
    else judged.notes.push(`${nameOf(call)} answers otherwise at a later date`);
  }
}

/** Chooses the suspects that are also replayed alone: up to 3 of each function, with different arguments, 12 in total. */
export function chooseForSingleReplay(suspects: RecordedCall[]): RecordedCall[] {
  const argsByFunction = new Map<string, Set<string>>();
  return suspects
    .filter(({ path, name, args }) => {
      const key = JSON.stringify([path, name]);
      const knownArgs = argsByFunction.get(key) ?? new Set();
      argsByFunction.set(key, knownArgs);
      return knownArgs.size < 3 && knownArgs.size < knownArgs.add(args).size;
    })
    .slice(0, 12);
}

export function judgeFurther(
  suspects: RecordedCall[],
  bare: ReplayResult,
  replays: FurtherReplays,
): Omit<JudgedCalls, 'suspects'> {
  const findings: JudgedCalls['findings'] = [];
  const notes = new Set<string>();
  for (const call of suspects) {
    const isSame = (replay: ReplayResult | undefined) => replay !== undefined && answerIn(replay, call) === call.answer;
    const name = nameOf(call);
    if (isSame(replays.usual)) notes.add(`${name} depends on a variable of its environment`);
    else if (answerIn(replays.asTests, call).startsWith('unloaded'))
      notes.add(`${call.path} could not be loaded outside of its tests`);
    else if (!isSame(replays.asTests))
      notes.add(`${name} could not be asked outside of its tests (files, mocks or state that a test prepares)`);
    else if (isSame(replays.alone)) notes.add(`${name} depends on the calls before it`);
    else {
      const sign = TEST_RUN_SIGNS.find((_, index) => isSame(replays.parts[index]));
      findings.push(findingOf(call, answerIn(bare, call), sign?.under ?? 'outside of a test run'));
    }
  }
  return { findings: mergeFindings(findings), notes: [...notes] };
}

/** True if the project cannot be loaded in another folder: then the calls are replayed where the tests ran. */
export function needsTestFolder(calls: RecordedCall[], bare: ReplayResult): boolean {
  return calls.some((call) => answerIn(bare, call).startsWith('unloaded'));
}

export function answerIn({ setting, answers }: ReplayResult, { n }: RecordedCall): string {
  return answerAtTestFolder(answers, n, setting);
}

export function nameOf({ path, name }: RecordedCall): string {
  return `${name} (${path})`;
}

export function findingOf(call: RecordedCall, answered: string, under: string): Omit<ReplayFinding, 'line'> {
  const { path, name, args, answer } = call;
  return { path, name, args: shorten(args), recorded: shorten(answer), answered: shorten(answered), under, calls: 1 };
}

function shorten(text: string): string {
  return text.length > MAX_SHOWN_CHARS ? `${text.slice(0, MAX_SHOWN_CHARS)}…` : text;
}

/** Merges the findings of each function and setting into one, which shows the first call. */
export function mergeFindings<T extends Omit<ReplayFinding, 'line'>>(findings: T[]): T[] {
  const all = new Map<string, T>();
  for (const finding of findings) {
    const key = JSON.stringify([finding.path, finding.name, finding.under]);
    const earlierFinding = all.get(key);
    all.set(
      key,
      earlierFinding === undefined ? finding : { ...earlierFinding, calls: earlierFinding.calls + finding.calls },
    );
  }
  return [...all.values()];
}
