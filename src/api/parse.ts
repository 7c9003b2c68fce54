/**
 * From what came in to what is meant: schema checks whose failures name the field.
 */
import type { Request } from 'express';
import type { z } from 'zod';
import { malformed, Problem } from './problems';

const PROJECT_ID = /^[A-Za-z0-9_-]{1,64}$/;
const WORKFLOW_ID = /^([A-Za-z0-9_-]{1,64})\.([A-Za-z0-9_-]{1,64})$/;
const SHOWN_ERRORS = 10;

export interface BuildId {
  workflowId: string;
  projectId: string;
  buildId: string;
}

export function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.slice(0, SHOWN_ERRORS).map(readIssue);
  const [first] = errors;
  throw new Problem('Request.Malformed', `${first?.field} ${first?.message}`, { field: first?.field, errors });
}

export function projectIdIn(req: Request): string {
  const { project_id: id } = req.params;
  if (typeof id === 'string' && PROJECT_ID.test(id)) return id;
  throw malformed('project_id', 'must be 1 to 64 letters, digits, "_" or "-"');
}

export function buildIdIn(req: Request): BuildId {
  const { workflow_id: id } = req.params;
  const [workflowId, projectId, buildId] = (typeof id === 'string' ? WORKFLOW_ID.exec(id) : null) ?? [];
  if (workflowId !== undefined && projectId !== undefined && buildId !== undefined)
    return { workflowId, projectId, buildId };
  throw malformed('workflow_id', 'must be <project_id>.<build_id>, each 1 to 64 letters, digits, "_" or "-"');
}

/** The workflow id of a build as its two parts. */
export function partsOf(workflowId: string): BuildId {
  const [projectId = '', buildId = ''] = workflowId.split('.', 2);
  return { workflowId, projectId, buildId };
}

function readIssue(issue: z.core.$ZodIssue): { field: string; message: string } {
  if (issue.code === 'unrecognized_keys') {
    return { field: nameOf([...issue.path, issue.keys[0] ?? '']), message: 'is not a field here' };
  }
  return { field: nameOf(issue.path), message: issue.message };
}

function nameOf(path: PropertyKey[]): string {
  const name = path.map(String).join('.').slice(0, 100);
  return name === '' ? '(body)' : name;
}
