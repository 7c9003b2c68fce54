/**
 * Parses bodies, queries and ids by schemas; each refusal names the field.
 */
import { isUtf8 } from 'node:buffer';
import type { Request } from 'express';
import type { z } from 'zod';
import { isId, parseWorkflowId } from '../domain/ids';
import type { BuildId } from '../domain/ids';
import { describeHalfCharacter, findHalfCharacter } from '../domain/text';
import { malformed, Problem } from './problems';

const SHOWN_ERRORS = 10;

export interface NamedBuild extends BuildId {
  workflowId: string;
}

export function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.slice(0, SHOWN_ERRORS).map(readIssue);
  const [first] = errors;
  throw new Problem('Request.Malformed', `${first?.field} ${first?.message}`, { field: first?.field, errors });
}

/** Refuses unpaired surrogates, which JSON can escape: written to a file or digested, they would silently become U+FFFD. */
export function refuseHalfCharacters(body: unknown): void {
  const halfCharacter = findHalfCharacter(body);
  if (halfCharacter !== undefined) throw malformed(fieldName(halfCharacter.path), describeHalfCharacter(halfCharacter));
}

/** Refuses a body that is not valid UTF-8. */
export function refuseBrokenText(bytes: Buffer, encoding: string): void {
  if (/^utf-?8$/i.test(encoding) && !isUtf8(bytes)) throw malformed('(body)', 'is not valid UTF-8');
}

export function projectIdIn(req: Request): string {
  const { project_id: id } = req.params;
  if (isId(id)) return id;
  throw malformed('project_id', 'must be 1 to 64 letters, digits, "_" or "-"');
}

export function buildIdIn(req: Request): NamedBuild {
  const { workflow_id: id } = req.params;
  const ids = typeof id === 'string' ? parseWorkflowId(id) : null;
  if (typeof id === 'string' && ids !== null) return { workflowId: id, ...ids };
  throw malformed('workflow_id', 'must be <project_id>.<build_id>, each 1 to 64 letters, digits, "_" or "-"');
}

function readIssue(issue: z.core.$ZodIssue): { field: string; message: string } {
  if (issue.code === 'unrecognized_keys') {
    return { field: fieldName([...issue.path, issue.keys[0] ?? '']), message: 'is not a field here' };
  }
  return { field: fieldName(issue.path), message: issue.message };
}

function fieldName(path: PropertyKey[]): string {
  const name = path.map(String).join('.').slice(0, 100);
  return name === '' ? '(body)' : name;
}
