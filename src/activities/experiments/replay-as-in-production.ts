/**
 * Replays calls of deterministic functions under conditions of production: many times in one process, with production's variables,
 * together with other modules of the project, and through the file that the package exports.
 *
 * A call that answers otherwise is made again in a new process. Only a difference that repeats becomes a finding.
 */
import { BARE } from '../../domain/experiments/replay-setting';
import type { ReplaySetting, RecordedCall, RecordedGroup } from '../../domain/experiments/replay-setting';
import { answerIn, findingOf, nameOf } from '../../domain/experiments/judge-replay';
import type { FirstReplays, JudgedCalls, ReplayResult } from '../../domain/experiments/judge-replay';
import {
  accusationsOf,
  confirmAccusations,
  isOtherResult,
  keyOf,
  steadyCalls,
  tellsTime,
} from '../../domain/experiments/trials';
import type { ProductionContext } from './production-context';

interface ReplayOrder {
  replay: (setting: ReplaySetting, calls?: RecordedCall[]) => Promise<ReplayResult>;
  group: RecordedGroup;
  hasSameAnswer: (call: RecordedCall) => boolean;
  firstReplays: FirstReplays;
  production: ProductionContext;
  callsMade: Set<string>;
}
type ReplayJudgement = Pick<JudgedCalls, 'findings' | 'notes'>;
interface SteadyReplayOrder extends ReplayOrder {
  calls: RecordedCall[];
}

const TRIAL_MS = 800;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Time zones to try. Python gets POSIX offsets, whose sign is reversed, because its sandbox may have no zone database. */
const ZONES = {
  node: { far: ['Asia/Kolkata', 'Europe/Berlin', 'America/Los_Angeles', 'Pacific/Auckland'], same: 'Africa/Abidjan' },
  python: { far: ['IST-5:30', 'CET-1', 'PST8', 'NZST-12'], same: 'GMT0' },
};
const LOCALE_VARIABLES = { LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.UTF-8' };

export async function replayAsInProduction(input: ReplayOrder): Promise<ReplayJudgement> {
  const { group, callsMade } = input;
  const calls = steadyCalls(group.calls, input.hasSameAnswer);
  const isNew = calls.some((call) => !callsMade.has(`${keyOf(call)}\n${call.args}`));
  for (const call of calls) callsMade.add(`${keyOf(call)}\n${call.args}`);
  if (!isNew) return { findings: [], notes: [] };
  const order = { ...input, calls };
  const judgements = await Promise.all([
    replayInLongProcess(order),
    replayInOtherEnvironment(order),
    replayWithNeighbours(order),
    replayThroughBuiltFiles(order),
  ]);
  return { findings: judgements.flatMap(({ findings }) => findings), notes: judgements.flatMap(({ notes }) => notes) };
}

/** Makes the calls many times in one process. */
async function replayInLongProcess({ replay, calls }: SteadyReplayOrder): Promise<ReplayJudgement> {
  const setting: ReplaySetting = { ...BARE, trialMs: TRIAL_MS };
  const runTrials = async () => {
    const result = await replay(setting);
    return {
      setting: result.setting,
      trials: result.trials && accusationsOf(result.trials, { calls, setting: result.setting }),
    };
  };
  const first = await runTrials();
  if (first.trials === undefined)
    return { findings: [], notes: ['the calls that the tests made could not be made many times in one process'] };
  if (first.trials.length === 0) return { findings: [], notes: [] };
  const isLate = first.trials.some(({ kind }) => kind === 'day_later');
  const [second, late] = await Promise.all([runTrials(), isLate ? replay({ ...BARE, shiftMs: DAY_MS }) : undefined]);
  const confirmedTrials = confirmAccusations(first.trials, second.trials ?? [], late);
  const unconfirmedTrials = first.trials.filter((trial) => !confirmedTrials.includes(trial));
  return {
    findings: confirmedTrials.map(({ call, answered, under }) => findingOf(call, answered, under)),
    notes: unconfirmedTrials.map(
      ({ call, under }) => `${nameOf(call)} answered otherwise ${under} once, and not when it was made again`,
    ),
  };
}

/** Gives the calls whose answer differs in this replay, each with its new answer. */
function findChangedAnswers(result: ReplayResult, calls: RecordedCall[]) {
  return calls.flatMap((call) => {
    const answered = answerIn(result, call);
    return answered === call.answer || /^(?:unloaded|other)\b/.test(answered) ? [] : [{ call, answered }];
  });
}

/** Makes the calls in another time zone and language, and with production's variables. */
async function replayInOtherEnvironment(input: SteadyReplayOrder): Promise<ReplayJudgement> {
  const { replay, calls, group, production } = input;
  const isPython = group.calls[0]?.kind === 'python';
  const zones = ZONES[isPython ? 'python' : 'node'];
  // The sandbox runs in UTC. If the test run itself has set another zone, its calls are not made in a third one.
  const canChangeZone = (group.env['TZ'] ?? 'UTC') === 'UTC' && !production.isNamed('TZ');
  const productionEntries = Object.entries({ NODE_ENV: 'production', ...production.variables });
  const variables = Object.fromEntries(
    productionEntries.filter(
      ([name]) => (name === 'NODE_ENV' || group.env[name] === undefined) && !production.isNamed(name),
    ),
  );
  const zone = canChangeZone ? { TZ: zones.far[0] ?? '' } : {};
  const allConditions: ReplaySetting = {
    ...BARE,
    more: { ...LOCALE_VARIABLES, ...zone, ...variables },
    isOptimized: isPython,
  };
  const changed = findChangedAnswers(await replay(allConditions), calls).map(({ call }) => call);
  if (changed.length === 0) return { findings: [], notes: [] };
  // Replays again with one condition each, to find the one that changes the answers.
  const judgements = await Promise.all([
    canChangeZone ? judgeZones({ ...input, calls: changed }, zones) : undefined,
    judgeSetting({ ...input, calls: changed }, { more: variables }),
    judgeSetting({ ...input, calls: changed }, { more: LOCALE_VARIABLES }),
    isPython ? judgeSetting({ ...input, calls: changed }, { isOptimized: true }) : undefined,
  ]);
  const madeJudgements = judgements.filter((judgement) => judgement !== undefined);
  return {
    findings: madeJudgements.flatMap(({ findings }) => findings),
    notes: madeJudgements.flatMap(({ notes }) => notes),
  };
}

/** Makes the calls under one condition: with these variables, or without Python's assertions. If an answer differs, it repeats them. */
async function judgeSetting(
  { replay, calls }: SteadyReplayOrder,
  { more = {}, isOptimized = false }: { more?: Record<string, string>; isOptimized?: boolean },
): Promise<ReplayJudgement> {
  if (!isOptimized && Object.keys(more).length === 0) return { findings: [], notes: [] };
  const under = isOptimized
    ? 'if Python runs without assertions'
    : `if ${Object.keys(more).slice(0, 5).join(', ')} ${Object.keys(more).length === 1 ? 'is' : 'are'} set as in production`;
  const result = await replay({ ...BARE, more, isOptimized });
  const changed = findChangedAnswers(result, calls);
  if (changed.length === 0) return { findings: [], notes: [] };
  const repeated = await replay({ ...BARE, more, isOptimized });
  const isFinding = ({ call, answered }: ChangedCall) =>
    answerIn(repeated, call) === answered && isOtherResult(call, answered);
  return toJudgement(changed, isFinding, under);
}

/**
 * Judges answers that differ in another time zone. An answer that contains a time may differ from zone to zone; an answer that is the
 * same in all zones but UTC shows code that recognises the tests by their zone.
 */
async function judgeZones(input: SteadyReplayOrder, { far, same }: (typeof ZONES)['node']): Promise<ReplayJudgement> {
  const { replay, calls } = input;
  const [first, ...others] = await Promise.all([...far, same].map((TZ) => replay({ ...BARE, more: { TZ } })));
  if (first === undefined) return { findings: [], notes: [] };
  const changed = findChangedAnswers(first, calls);
  if (changed.length === 0) return { findings: [], notes: [] };
  const inZoneOfSameOffset = others.pop();
  const atOtherHours = await Promise.all([3, 7, 11, 17].map((count) => replay({ ...BARE, shiftMs: count * HOUR_MS })));
  const isFinding = ({ call, answered }: ChangedCall) =>
    inZoneOfSameOffset !== undefined &&
    !tellsTime(call, answered) &&
    [inZoneOfSameOffset, ...atOtherHours].every((result) => answerIn(result, call) === call.answer) &&
    others.every((result) => answerIn(result, call) === answered);
  return toJudgement(changed, isFinding, 'where the clock has another offset than Greenwich');
}

/** Makes the calls in a process that has loaded other modules of the project. */
async function replayWithNeighbours({ replay, calls, group, production }: SteadyReplayOrder): Promise<ReplayJudgement> {
  const loads = await production.listNeighbours([...new Set(group.calls.map(({ path }) => path))]);
  if (loads.length === 0) return { findings: [], notes: [] };
  const changed = findChangedAnswers(await replay({ ...BARE, loads }), calls);
  if (changed.length === 0) return { findings: [], notes: [] };
  const repeated = await replay({ ...BARE, loads });
  const under = 'where other modules of the project are loaded';
  return toJudgement(
    changed,
    ({ call, answered }) => answerIn(repeated, call) === answered && isOtherResult(call, answered),
    under,
  );
}

/** Makes the calls through the built files that the package exports. */
async function replayThroughBuiltFiles({ replay, calls, production }: SteadyReplayOrder): Promise<ReplayJudgement> {
  const judgement: ReplayJudgement = { findings: [], notes: [] };
  for (const built of production.builtFiles) {
    const otherCalls = calls.filter(({ path, kind }) => path !== built && kind !== 'python');
    if (otherCalls.length === 0) continue;
    const changed = findChangedAnswers(await replay({ ...BARE, built }, otherCalls), otherCalls);
    const isFinding = ({ call, answered }: ChangedCall): boolean => isOtherResult(call, answered);
    const { findings, notes } = toJudgement(changed, isFinding, `by ${built}`);
    judgement.findings.push(...findings);
    judgement.notes.push(...notes);
  }
  return judgement;
}

interface ChangedCall {
  call: RecordedCall;
  answered: string;
}

function toJudgement(
  changed: ChangedCall[],
  isFinding: (change: ChangedCall) => boolean,
  under: string,
): ReplayJudgement {
  return {
    findings: changed.filter(isFinding).map(({ call, answered }) => findingOf(call, answered, under)),
    notes: changed
      .filter((change) => !isFinding(change))
      .map(({ call }) => `${nameOf(call)} answers otherwise ${under}`),
  };
}
