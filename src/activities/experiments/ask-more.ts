/**
 * Replays calls of deterministic functions under conditions of production: many times in one process, with production's variables,
 * together with other modules of the project, and through the file that the package exports.
 *
 * An answer that differs is checked once more in a new process before it becomes a finding.
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

interface AskMore {
  ask: (setting: ReplaySetting, calls?: RecordedCall[]) => Promise<ReplayResult>;
  group: RecordedGroup;
  isSame: (call: RecordedCall) => boolean;
  looks: FirstReplays;
  production: ProductionContext;
  known: Set<string>;
}
type ReplayJudgement = Pick<JudgedCalls, 'findings' | 'notes'>;
interface MoreCalls extends AskMore {
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

export async function askMore(input: AskMore): Promise<ReplayJudgement> {
  const { group, known } = input;
  const calls = steadyCalls(group.calls, input.isSame);
  const isNew = calls.some((call) => !known.has(`${keyOf(call)}\n${call.args}`));
  for (const call of calls) known.add(`${keyOf(call)}\n${call.args}`);
  if (!isNew) return { findings: [], notes: [] };
  const more = { ...input, calls };
  const all = await Promise.all([askLongProcess(more), askEnvironment(more), askWithNeighbours(more), askBuilt(more)]);
  return { findings: all.flatMap(({ findings }) => findings), notes: all.flatMap(({ notes }) => notes) };
}

/** Makes the calls many times in one process. */
async function askLongProcess({ ask, calls }: MoreCalls): Promise<ReplayJudgement> {
  const setting: ReplaySetting = { ...BARE, trialMs: TRIAL_MS };
  const trials = async () => {
    const look = await ask(setting);
    return {
      setting: look.setting,
      trials: look.trials && accusationsOf(look.trials, { calls, setting: look.setting }),
    };
  };
  const first = await trials();
  if (first.trials === undefined)
    return { findings: [], notes: ['the calls of tests could not be made many times in one process'] };
  if (first.trials.length === 0) return { findings: [], notes: [] };
  const isLate = first.trials.some(({ kind }) => kind === 'day_later');
  const [second, late] = await Promise.all([trials(), isLate ? ask({ ...BARE, shiftMs: DAY_MS }) : undefined]);
  const confirmedTrials = confirmAccusations(first.trials, second.trials ?? [], late);
  const others = first.trials.filter((trial) => !confirmedTrials.includes(trial));
  return {
    findings: confirmedTrials.map(({ call, answered, under }) => findingOf(call, answered, under)),
    notes: others.map(({ call, under }) => `${nameOf(call)} answered otherwise ${under}, which was not seen again`),
  };
}

/** Gives the calls whose answer differs in this replay, each with its new answer. */
function changedBy(look: ReplayResult, calls: RecordedCall[]) {
  return calls.flatMap((call) => {
    const answered = answerIn(look, call);
    return answered === call.answer || /^(?:unloaded|other)\b/.test(answered) ? [] : [{ call, answered }];
  });
}

/** Makes the calls in another time zone and language, and with production's variables. */
async function askEnvironment(input: MoreCalls): Promise<ReplayJudgement> {
  const { ask, calls, group, production } = input;
  const isPython = group.calls[0]?.kind === 'python';
  const zones = ZONES[isPython ? 'python' : 'node'];
  // The sandbox runs in UTC. A test run that set another zone is not moved to one more.
  const isZoned = (group.env['TZ'] ?? 'UTC') === 'UTC' && !production.isNamed('TZ');
  const wanted = Object.entries({ NODE_ENV: 'production', ...production.variables });
  const variables = Object.fromEntries(
    wanted.filter(([name]) => (name === 'NODE_ENV' || group.env[name] === undefined) && !production.isNamed(name)),
  );
  const zone = isZoned ? { TZ: zones.far[0] ?? '' } : {};
  const all: ReplaySetting = { ...BARE, more: { ...LOCALE_VARIABLES, ...zone, ...variables }, isOptimized: isPython };
  const changed = changedBy(await ask(all), calls).map(({ call }) => call);
  if (changed.length === 0) return { findings: [], notes: [] };
  // Replays again with one condition each, to find the one that changes the answers.
  const judgements = await Promise.all([
    isZoned ? judgeZones({ ...input, calls: changed }, zones) : undefined,
    judgeSetting({ ...input, calls: changed }, { more: variables }),
    judgeSetting({ ...input, calls: changed }, { more: LOCALE_VARIABLES }),
    isPython ? judgeSetting({ ...input, calls: changed }, { isOptimized: true }) : undefined,
  ]);
  const done = judgements.filter((judgement) => judgement !== undefined);
  return { findings: done.flatMap(({ findings }) => findings), notes: done.flatMap(({ notes }) => notes) };
}

/** Makes the calls with one of these settings, twice where an answer differs. */
async function judgeSetting(
  { ask, calls }: MoreCalls,
  { more = {}, isOptimized = false }: { more?: Record<string, string>; isOptimized?: boolean },
): Promise<ReplayJudgement> {
  if (!isOptimized && Object.keys(more).length === 0) return { findings: [], notes: [] };
  const under = isOptimized
    ? 'where Python runs without assertions'
    : `where ${Object.keys(more).slice(0, 5).join(', ')} ${Object.keys(more).length === 1 ? 'is' : 'are'} set as in production`;
  const look = await ask({ ...BARE, more, isOptimized });
  const changed = changedBy(look, calls);
  if (changed.length === 0) return { findings: [], notes: [] };
  const repeated = await ask({ ...BARE, more, isOptimized });
  const isFinding = ({ call, answered }: ChangedCall) =>
    answerIn(repeated, call) === answered && isOtherResult(call, answered);
  return toJudgement(changed, isFinding, under);
}

/**
 * Judges answers that differ in another time zone. An answer that contains a time may differ from zone to zone; an answer that is the
 * same in all zones but UTC shows code that recognises the tests by their zone.
 */
async function judgeZones(input: MoreCalls, { far, same }: (typeof ZONES)['node']): Promise<ReplayJudgement> {
  const { ask, calls } = input;
  const [first, ...others] = await Promise.all([...far, same].map((TZ) => ask({ ...BARE, more: { TZ } })));
  if (first === undefined) return { findings: [], notes: [] };
  const changed = changedBy(first, calls);
  if (changed.length === 0) return { findings: [], notes: [] };
  const sameOffset = others.pop();
  const hours = await Promise.all([3, 7, 11, 17].map((count) => ask({ ...BARE, shiftMs: count * HOUR_MS })));
  const isFinding = ({ call, answered }: ChangedCall) =>
    sameOffset !== undefined &&
    !tellsTime(call, answered) &&
    [sameOffset, ...hours].every((look) => answerIn(look, call) === call.answer) &&
    others.every((look) => answerIn(look, call) === answered);
  return toJudgement(changed, isFinding, 'where the clock has another offset than Greenwich');
}

/** Makes the calls in a process that has loaded other modules of the project. */
async function askWithNeighbours({ ask, calls, group, production }: MoreCalls): Promise<ReplayJudgement> {
  const loads = await production.neighbours([...new Set(group.calls.map(({ path }) => path))]);
  if (loads.length === 0) return { findings: [], notes: [] };
  const changed = changedBy(await ask({ ...BARE, loads }), calls);
  if (changed.length === 0) return { findings: [], notes: [] };
  const repeated = await ask({ ...BARE, loads });
  const under = 'where other modules of the project are loaded';
  return toJudgement(
    changed,
    ({ call, answered }) => answerIn(repeated, call) === answered && isOtherResult(call, answered),
    under,
  );
}

/** Makes the calls through the built files that the package exports. */
async function askBuilt({ ask, calls, production }: MoreCalls): Promise<ReplayJudgement> {
  const judgement: ReplayJudgement = { findings: [], notes: [] };
  for (const built of production.built) {
    const others = calls.filter(({ path, kind }) => path !== built && kind !== 'python');
    if (others.length === 0) continue;
    const changed = changedBy(await ask({ ...BARE, built }, others), others);
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
