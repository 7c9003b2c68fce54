/**
 * Makes the page of an approval gate: one readable artifact with everything that a person approves by its digest.
 *
 * The page has no time in it, so a retry of the activity makes the same page.
 */
import { Failure } from '../domain/failures';
import { isObject } from '../domain/json';
import type { Forecast, Quantiles } from '../domain/money/forecast';
import { usdOf } from '../domain/money/usd';
import type { Assumption } from '../domain/people/questions';
import type { ApprovalTask, StoredPage } from './approval-task';
import type { Deps } from './deps';
import { readEarlierOutput } from './earlier-outputs';
import { draftHandedOver } from './implementation/claimed-files';
import type { HandedDraft } from './implementation/claimed-files';
import { loadJson, loadRequest } from './load-request';
import type { StartRequest } from '../requests/start-request';

const SUMMARY_LIMIT_CHARS = 200;

/** Throws Failure `Request.Unreadable`; `Role.OutputInvalid` where the plan that a person sent is no JSON object. */
export async function makeApprovalPage(deps: Deps, task: ApprovalTask): Promise<StoredPage> {
  const request = await loadRequest(deps.artifacts, task);
  const page = task.kind === 'plan' ? await planPage(deps, task, request) : await releasePage(deps, task, request);
  const { digest } = await deps.artifacts.put(JSON.stringify(page.content, null, 1));
  const shown = page.commit === undefined ? {} : { commit: page.commit };
  return { digest, summary: page.summary.slice(0, SUMMARY_LIMIT_CHARS), ...shown };
}

interface Page {
  content: object;
  summary: string;
  /** The commit that a page of a release shows. */
  commit?: string;
}

async function planPage(deps: Deps, task: ApprovalTask, request: StartRequest): Promise<Page> {
  const { outputs, assumptions, survey } = task;
  const { planning } = outputs;
  const plan = planning === undefined ? null : await loadJson(deps.artifacts, planning.digest);
  if (planning?.source === 'person' && !isObject(plan))
    throw new Failure('Role.OutputInvalid', `the plan ${planning.digest} that ${planning.by} sent is no JSON object`);
  const criteria = isObject(plan) && Array.isArray(plan.success_criteria) ? plan.success_criteria : [];
  const content = {
    ...head(task, 'plan_approval'),
    requirements: request.requirements,
    plan,
    plan_digest: planning?.digest ?? null,
    plan_source: planning?.source ?? null,
    plan_by: planning?.by ?? null,
    criteria,
    assumptions: assumptions.map(presentAssumption),
    forecast: presentForecast(task.forecast),
    commands: request.commands ?? null,
    repository_report_digest: survey?.digest ?? null,
    budget: presentBudget(task),
  };
  const by = planning?.source === 'person' ? ` as ${planning.by} edited it` : '';
  return { content, summary: `the plan${by}: ${criteria.length} criteria, ${assumptions.length} assumptions` };
}

async function releasePage(deps: Deps, task: ApprovalTask, request: StartRequest): Promise<Page> {
  const { projectId, buildId, evidence, locked, outputs } = task;
  const { base, draftCommit: commit } = await draftOf(deps, task, request);
  const { verification } = outputs;
  const changes = await deps.workspace.contentChanges({ projectId, buildId }, base, commit);
  const content = {
    ...head(task, 'release_approval'),
    base,
    commit,
    changed_files: changes.map(({ path }) => path),
    evidence,
    evidence_digest: evidence?.logDigest ?? null,
    locked_tests_digest: locked?.digest ?? null,
    verification: verification === undefined ? null : await loadJson(deps.artifacts, verification.digest),
    verification_digest: verification?.digest ?? null,
    target: request.release,
    budget: presentBudget(task),
  };
  const { target } = request.release;
  return { content, commit, summary: `release ${commit.slice(0, 12)} to target ${target}` };
}

/** The commit that would be released, also where its files still have to be taken from what roles outside have handed over. */
async function draftOf(deps: Deps, task: ApprovalTask, request: StartRequest): Promise<HandedDraft> {
  const { implementation: ref } = task.outputs;
  const stored = ref === undefined ? undefined : await loadJson(deps.artifacts, ref.digest);
  const outputs = ref === undefined ? {} : { implementation: readEarlierOutput('implementation', stored, ref.source) };
  return draftHandedOver(deps, task, { request, outputs });
}

function head({ projectId, buildId, request, generation, opening }: ApprovalTask, gate: string): object {
  return { gate, opening, generation, project_id: projectId, build_id: buildId, request_digest: request };
}

function presentAssumption({ id, text, assumption, phase }: Assumption): object {
  return { question_id: id, question: text, assumption, asked_in: phase };
}

/** The caps with what is spent of them; null without a budget. Money in US dollars. */
function presentBudget({ budget, spent }: ApprovalTask): object | null {
  if (budget === null) return null;
  const { microUsd, tokens, calls, wallClockS } = budget;
  return {
    usd: { cap: microUsd === undefined ? null : usdOf(microUsd), spent: usdOf(spent.microUsd) },
    tokens: { cap: tokens ?? null, spent: spent.tokens },
    calls: { cap: calls ?? null, spent: spent.calls },
    wall_clock_seconds: wallClockS ?? null,
  };
}

/** In US dollars: what half and nine of ten completed builds of the project have spent at most; null without a forecast. */
function presentForecast(forecast: Forecast | null): object | null {
  if (forecast === null) return null;
  const show = ({ median, p90 }: Quantiles) => ({ usd_median: usdOf(median), usd_p90: usdOf(p90) });
  const phases = Object.entries(forecast.phases).map(([phase, quantiles]) => ({ phase, ...show(quantiles) }));
  return { builds: forecast.builds, total: forecast.total === null ? null : show(forecast.total), phases };
}
