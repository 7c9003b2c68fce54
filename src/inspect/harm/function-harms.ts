/**
 * Runs the rules that compare the name and comment of a whole function with its body. Pure.
 */
import type { CodeView, Syntax } from '../asks/code-view';
import { fileLeftEmpty } from './announced';
import { guardThatFailsOpen } from './answers';
import { functionsIn } from './functions';
import type { ReadFunction } from './functions';
import { idleWrapper, lockOfOneCall } from './idle-wrappers';
import type { Harm } from './rule';
import { encodingCalledEncryption, passwordsWithoutSalt } from './sealed';
import { failsOpen } from './weak/identity';
import { foretoldSecret } from './weak/randomness';

type FunctionRule = (view: CodeView, syntax: Syntax, one: ReadFunction) => Harm | undefined;

const RULES: readonly FunctionRule[] = [
  idleWrapper,
  lockOfOneCall,
  encodingCalledEncryption,
  passwordsWithoutSalt,
  fileLeftEmpty,
  guardThatFailsOpen,
  failsOpen,
  foretoldSecret,
];

export function functionHarms(view: CodeView, syntax: Syntax, source: string): Harm[] {
  return functionsIn(view, syntax, source).flatMap((one) => RULES.flatMap((rule) => rule(view, syntax, one) ?? []));
}
