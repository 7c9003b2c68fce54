/**
 * Presents what people decide and answer: open findings, each with the content that was judged, questions, approvals and answers.
 *
 * The page of an approval gate also shows who may decide it, what is missing, until when, and how it differs from the page before.
 */
import type { BuildState } from '../../domain/build/state';
import { isClosed } from '../../domain/build/state';
import { decidableFindings } from '../../domain/commands/open-finding';
import type { Finding } from '../../domain/findings';
import { approvalsOf, decidersOf, openPage, policyOf, proposerOf, quorumOf } from '../../domain/people/approval-gate';
import type { ApprovalGate } from '../../domain/people/approval-gate';
import { expiryOf } from '../../domain/people/gate-due';
import { gateKindOf } from '../../domain/people/policy';
import { openQuestions } from '../../domain/people/questions';
import type { Question } from '../../domain/people/questions';
import { unifiedDiff } from '../../inspect/unified-diff';
import { readContent, readText } from '../contents';
import type { ApiDeps } from '../deps';

/** Larger contents are read by `GET artifacts/{digest}`. */
const INLINE_LIMIT_CHARS = 64 * 1024;

export async function presentApprovals(deps: ApiDeps, workflowId: string, build: BuildState) {
  const open = isClosed(build) ? [] : decidableFindings(build);
  const page = openPage(build);
  return {
    workflow_id: workflowId,
    current_state: build.state,
    open: await Promise.all(
      open.map(async (finding) => ({
        ...(await presentFinding(deps, workflowId, finding)),
        ...(page === null || gateKindOf(finding.gate) === null ? {} : await presentGate(deps, build, page)),
      })),
    ),
    questions: openQuestions(build).map(presentQuestion),
    answered: (build.conversation ?? []).map(({ id, question, answer, by, at }) => ({
      ...{ question_id: id, question, answer, by, timestamp: at },
    })),
    approved: build.approvals.map(({ gate, digest, actor, at }) => ({ gate, digest, by: actor, timestamp: at })),
  };
}

function presentQuestion({ id, text, optional, assumption, askedBy, phase }: Question) {
  const isOptional = optional === true;
  const asked = { asked_by: askedBy ?? null, asked_in: phase ?? null };
  return {
    question_id: id,
    question: text,
    optional: isOptional,
    assumption: isOptional ? assumption : null,
    ...asked,
  };
}

async function presentFinding(deps: ApiDeps, workflowId: string, finding: Finding) {
  const { gate, digest, summary, mender, onApprove, onReject, at, isManual } = finding;
  const content = await readContent(deps, digest);
  const isInline = content !== undefined && JSON.stringify(content).length <= INLINE_LIMIT_CHARS;
  return {
    ...{ gate, digest, summary, found_at: at, can_be_mended_by: mender },
    on_approve: isManual ? 'lifted; request-retry continues the build' : `continues with ${onApprove}`,
    on_reject: onReject === null ? 'stays in error' : `goes back to ${onReject} with the reason`,
    content: isInline ? content : null,
    content_url: `/api/workflows/${workflowId}/artifacts/${digest}`,
  };
}

async function presentGate(deps: ApiDeps, build: BuildState, page: ApprovalGate) {
  const { kind, previousDigest } = page;
  const approvals = approvalsOf(build, page);
  return {
    approvals: approvals.map(({ actor, at }) => ({ by: actor, timestamp: at })),
    approvals_missing: quorumOf(build, kind) - approvals.length,
    /** Null: everybody with the right to approve. */
    approvers: decidersOf(build, page),
    proposer: proposerOf(build, kind),
    proposer_may_approve: policyOf(build, kind).proposerMayApprove ?? true,
    deadline: expiryOf(build, page),
    previous_digest: previousDigest ?? null,
    diff: previousDigest === undefined ? null : await readDiff(deps, previousDigest, page.digest),
  };
}

/** The unified diff of two pages; null if one of them is no longer stored, or if it is too large to be shown here. */
async function readDiff(deps: ApiDeps, before: string, after: string): Promise<string | null> {
  const [old, present] = await Promise.all([readText(deps, before), readText(deps, after)]);
  if (old === null || present === null) return null;
  const diff = unifiedDiff(old, present, { before, after });
  return diff.length <= INLINE_LIMIT_CHARS ? diff : null;
}
