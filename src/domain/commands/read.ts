/**
 * Reads a command from the wire (a signal, an update, an HTTP body) and returns its fields, or the problem.
 *
 * Wire names are snake_case. A reader never throws, for any input.
 */
import { isObject } from '../json';
import { commandOf } from './index';
import type { AnyCommand, CommandName } from './index';
import { clip, lowerCase, readAs, show, unreadable } from './fields';
import type { Reading, Wire } from './fields';
import { API_MEMBERS, CALLER_MEMBERS } from './meta';

interface Command {
  actor: string;
  /** The values that the command's fields read, by wire name. */
  fields: Record<string, unknown>;
}

export function readCommand(name: CommandName, wire: unknown): Reading<Command> {
  const command = commandOf(name);
  const members = readMembers(command, wire, [...API_MEMBERS, ...refMembersOf(command)]);
  if (members.kind === 'unreadable') return members;
  const actor = members.value.actor ?? 'anonymous';
  if (typeof actor !== 'string' || actor.length === 0 || actor.length > 200) {
    return unreadable('actor', `must be 1 to 200 characters of text, not ${show(actor)}`);
  }
  const fields: Record<string, unknown> = {};
  for (const [field, reader] of Object.entries(command.fields)) {
    const reading = reader.read({ field, value: members.value[field], wire: members.value, actor });
    if (reading.kind === 'unreadable') return reading;
    fields[field] = reading.value;
  }
  return readAs({ actor, fields });
}

/** Reads an HTTP body into its canonical form, with names in lower case. Members that only the API may set are refused. */
export function readBody(name: CommandName, body: unknown): Reading<Wire> {
  const { fields } = commandOf(name);
  const members = readMembers(commandOf(name), body, []);
  if (members.kind === 'unreadable') return members;
  const isName = (member: string) => Object.hasOwn(fields, member) && fields[member]?.isName === true;
  const canonical = Object.entries(members.value).map(([member, value]) => [
    member,
    isName(member) ? lowerCase(value) : value,
  ]);
  return readAs(Object.fromEntries(canonical) as Wire);
}

function readMembers({ name, fields }: AnyCommand, wire: unknown, extraMembers: readonly string[]): Reading<Wire> {
  const ownFields = Object.keys(fields);
  if (!isObject(wire)) return unreadable('(input)', `must be a JSON object with ${ownFields.join(', ')}`);
  const knownMembers = [...ownFields, ...CALLER_MEMBERS, ...extraMembers];
  const unknown = Object.keys(wire).find((member) => !knownMembers.includes(member));
  if (unknown === undefined) return readAs(wire);
  return unreadable(clip(unknown), `is not a field of ${name}; its fields are ${ownFields.join(', ')}`);
}

function refMembersOf({ fields }: AnyCommand): string[] {
  return Object.values(fields).flatMap(({ refMember }) => (refMember === undefined ? [] : [refMember]));
}
