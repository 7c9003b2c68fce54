/**
 * Gathers the facts that the gates judge: from git, the sandbox, the registries and the outputs of earlier phases.
 */
import { isWrittenLock } from '../../inspect/packages/managers';
import { joinConsecutive } from '../../inspect/readings/secrets';
import type { WithoutChange } from '../../domain/evidence/control';
import type { ImportFact } from '../../domain/packages/facts';
import type { ChangeFacts } from '../../domain/gates/facts';
import type { PhaseTask } from '../contract';
import type { Deps } from '../deps';
import { runReader } from '../run-reader';
import { readAccount } from './facts/account';
import { readChange } from './facts/change';
import type { Change } from './facts/change';
import { runChecks } from './facts/checks';
import { readDelivered } from './facts/delivered';
import { readHarm } from './facts/harm';
import { readQuestions } from './facts/questions';
import { changedPackages } from './facts/changed-packages';
import { requestAndPlanText, criteriaFacts, planFacts } from './facts/promises';
import { withoutProvided } from './facts/provided-modules';
import type { EarlierOutputs } from '../earlier-outputs';
import { overridesOf } from '../../requests/start-request';
import type { Sources } from '../sources';
import type { TestCase } from '../../ports/test-runner';

/** `tests`: the tests of a run that was made for this judgement; null: the report of the testing phase names them. */
export async function gatherFacts(
  deps: Deps,
  task: PhaseTask,
  { sources, tests, without }: { sources: Sources; tests: TestCase[] | null; without: WithoutChange | null },
): Promise<ChangeFacts> {
  const { base, commit } = task;
  const { request, outputs } = sources;
  const requestFacts = {
    plan: planFacts(outputs.planning),
    criteria: { ...criteriaFacts(outputs.testing, tests), without },
    evidence: task.evidence,
    approvals: task.approvals,
    phase: task.phase,
    lockedDigest: task.locked?.digest ?? null,
    coverageFloorPercent: task.coverageFloorPercent,
    now: new Date().toISOString(),
  };
  const { approvals, phase } = task;
  if (base === null || commit === null) {
    const noFiles = { files: [], approvals, phase };
    const noFilesOrNotes = { ...noFiles, notes: [] };
    return { ...requestFacts, ...NO_FACTS, questions: noFiles, delivered: noFilesOrNotes, harm: noFilesOrNotes };
  }
  const { projectId, buildId } = task;
  const change = await readChange(deps, { repo: { projectId, buildId }, base, commit });
  const deliveredInput = {
    testCommand: task.evidence?.command ?? [],
    isBuilt: request.commands?.build !== undefined,
    asked: requestAndPlanText(request, outputs),
  };
  const [facts, files, delivered, harm, checks] = await Promise.all([
    readFacts(deps, task, { change, implementation: outputs.implementation }),
    readQuestions(deps, change),
    readDelivered(deps, change, deliveredInput),
    readHarm(deps, change, request),
    runChecks(deps, change, request),
  ]);
  const span = { ...change, overrides: overridesOf(request) };
  const undeclared = await withoutProvided(deps, span, facts.dependencies.undeclared);
  const dependencies = { ...facts.dependencies, undeclared };
  const approvalFacts = { approvals, phase };
  const linesFound = {
    questions: { files, ...approvalFacts },
    delivered: { ...delivered, ...approvalFacts },
    harm: { ...harm, ...approvalFacts },
  };
  return { ...requestFacts, ...facts, dependencies, ...linesFound, checks };
}

/** Gathers the facts that need no sandbox. */
export async function readFacts(
  deps: Pick<Deps, 'workspace' | 'documents' | 'registry' | 'readers'> & { runners: Pick<Deps['runners'], 'packages'> },
  task: PhaseTask,
  { change, implementation }: { change: Change; implementation: EarlierOutputs['implementation'] },
): Promise<Pick<ChangeFacts, 'commit' | 'files' | 'locks' | 'account' | 'secrets' | 'dependencies'>> {
  const { base, commit, files, added } = change;
  // The account is read at the same time as the rest; its failure is thrown by the await below.
  const accountPromise = readAccount(deps, task, { base, commit, implementation });
  accountPromise.catch(() => undefined);
  const [account, undeclared, packages, found] = await Promise.all([
    accountPromise,
    undeclaredIn(deps, change),
    changedPackages(deps, change),
    deps.workspace
      .messages(task, base, commit)
      .then((messages) => runReader(deps, 'secrets', { files, added: joinConsecutive(added.lines), messages })),
  ]);
  const secrets = { findings: found, isWhole: added.isWhole };
  const locks = files.map(({ path }) => path).filter(isWrittenLock);
  return { commit, files, locks, account, secrets, dependencies: { ...packages, undeclared } };
}

async function undeclaredIn(
  deps: Pick<Deps, 'readers'> & { runners: Pick<Deps['runners'], 'packages'> },
  { files, added, paths, after, before }: Change,
): Promise<ImportFact[]> {
  const rows = new Map<string, number[]>();
  for (const { path, line } of added.lines) {
    const known = rows.get(path);
    if (known === undefined) rows.set(path, [line]);
    else known.push(line);
  }
  const modulesOfRunners = [...deps.runners.packages];
  return runReader(deps, 'imports', {
    files,
    paths,
    after,
    before,
    added: { rows, isWhole: added.isWhole },
    given: modulesOfRunners,
  });
}

/** The facts of a build without a commit: nothing has changed, so the gate `tests` will object. */
const NO_FACTS = {
  commit: '',
  files: [],
  locks: [],
  checks: [],
  account: { commits: [], handedOver: [], listed: [], said: '' },
  secrets: { findings: [], isWhole: true },
  dependencies: { changed: [], undeclared: [], unreadable: [] },
};
