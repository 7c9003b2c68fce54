/**
 * Changes expectations that are written as a chain: `expect(x).toBe(3)`, `expect(x).to.equal(3)`, `assertThat(x).isEqualTo(3)`.
 *
 * Only the whole chain is an expectation. A negated chain loses its negation; any other chain gets another expected value.
 */
import type { Edit } from '../../domain/experiments/units';
import { otherValue } from './expected-value';
import type { Reading } from './expectations';
import { IS_LOOSE, inverseOf } from './inversions';
import { isScript } from './languages';
import type { Syntax } from './syntax';

/** Calls with which a chain begins. */
const ROOTS =
  /^(?:expect|expect\.(?:soft|poll|element)|assertThat|assert_that|Expect|Ω|Eventually|Consistently|Should|is_expected|that|Assertions\.assertThat)$/;
/** Types of the nodes of a chain. */
const LINK: ReadonlySet<string> = new Set([
  'member_expression',
  'call_expression',
  'call',
  'attribute',
  'method_invocation',
  'invocation_expression',
  'member_access_expression',
  'member_call_expression',
  'member_access_expression',
  'selector_expression',
  'non_null_expression',
]);

interface Chain {
  /** The call or property with which the chain begins. */
  root: Syntax;
  /** The names after the root, in their order, each with its position. */
  names: Syntax[];
  /** The arguments of the last name; null if that is a property. */
  args: Syntax[] | null;
}

/**
 * Returns the edit of the chain. Returns 'none' for a part of a longer chain and for a chain that cannot be changed, and
 * undefined if the node is no chain.
 */
export function expectedOfChain(node: Syntax, reading: Reading): Edit | 'none' | undefined {
  const chain = chainOf(node);
  if (chain === undefined) return undefined;
  if (isPartOfChain(node)) return 'none';
  const last = chain.names.at(-1);
  if (last === undefined) return 'none';
  const isNegated = chain.names.some(({ text }) => /^(?:not|not_to|to_not|NotTo|ToNot|ShouldNot|never)$/.test(text));
  const inverted = inversionOf(chain, reading, isNegated);
  if (isNegated) return inverted ?? 'none';
  if (/Snapshot$/.test(last.text) && !/Inline/.test(last.text)) return otherSubject(chain, reading) ?? 'none';
  const value = valueOf(chain, reading);
  const matcher = matcherOf(chain)?.name ?? last.text;
  const isLoose = IS_LOOSE.test(matcher) && !/Inline/.test(matcher);
  return (isLoose ? (inverted ?? value) : (value ?? inverted)) ?? 'none';
}

function objectOf(node: Syntax): Syntax | undefined {
  return node.field('object') ?? node.field('receiver') ?? node.field('operand') ?? node.field('expression');
}

function calledOf(node: Syntax): Syntax | undefined {
  return (
    node.field('function') ?? (/^(?:call|method_invocation|member_call_expression)$/.test(node.type) ? node : undefined)
  );
}

function nameIn(node: Syntax): Syntax | undefined {
  return (
    node.field('property') ??
    node.field('attribute') ??
    node.field('method') ??
    node.field('field') ??
    node.field('name')
  );
}

function chainOf(node: Syntax): Chain | undefined {
  const names: Syntax[] = [];
  const isCall = node.field('arguments') !== undefined;
  let at: Syntax | undefined = node;
  for (let steps = 0; at !== undefined && steps < 40; steps += 1) {
    if (!LINK.has(at.type)) return undefined;
    const callee: Syntax | undefined =
      at.field('arguments') === undefined && at.field('block') === undefined ? at : calledOf(at);
    if (callee === undefined) return undefined;
    const object = objectOf(callee);
    const name = nameIn(callee) ?? (callee.type === 'identifier' ? callee : undefined);
    if (name?.text === 'should') return { root: callee, names: names.reverse(), args: argsOf(node, isCall) };
    const calleeText = callee.to - callee.from < 60 && callee !== at ? callee.text : (name?.text ?? '');
    if (at.field('arguments') !== undefined || at.field('block') !== undefined) {
      const written =
        at === callee
          ? object === undefined
            ? (name?.text ?? '')
            : `${short(object)}.${name?.text ?? ''}`
          : calleeText;
      const isRoot = ROOTS.test(written) || (name !== undefined && /^(?:Should|assertThat)$/.test(name.text));
      if (isRoot && at !== node) return { root: at, names: names.reverse(), args: argsOf(node, isCall) };
    }
    if (name === undefined || object === undefined) return undefined;
    names.push(name);
    at = object;
  }
  return undefined;
}

function short(node: Syntax): string {
  return node.to - node.from < 40 ? node.text : '?';
}

function argsOf(node: Syntax, isCall: boolean): Syntax[] | null {
  if (!isCall) return null;
  const args = node.field('arguments')?.children ?? [];
  return args.map((one) => (one.type === 'argument' ? (one.children[0] ?? one) : one));
}

/** True if the node is only a part of a longer chain. */
function isPartOfChain(node: Syntax): boolean {
  const { parent } = node;
  if (parent === null || !LINK.has(parent.type)) return false;
  const object = objectOf(parent) ?? parent.field('function');
  return object !== undefined && object.from === node.from && object.to === node.to;
}

/** Returns the matcher that is the argument of the last name: `eq(3)` in `to eq(3)`, `Equal(3)` in `To(Equal(3))`. */
function matcherOf({ names, args }: Chain): { name: string; args: Syntax[] } | undefined {
  const argument = args?.[0];
  if (argument === undefined || !/^(?:to|To|Should|should|is_expected|that|That)$/.test(names.at(-1)?.text ?? ''))
    return undefined;
  if (argument.field('arguments') === undefined) return { name: argument.text.slice(0, 60), args: [] };
  const name =
    (argument.field('method') ?? argument.field('function') ?? argument.field('name'))?.text.slice(0, 60) ?? '';
  return { name, args: argument.field('arguments')?.children ?? [] };
}

function valueOf(chain: Chain, { grammar }: Reading): Edit | undefined {
  const args = matcherOf(chain)?.args ?? chain.args ?? [];
  const last = chain.names.at(-1)?.text ?? '';
  // The first argument of a property matcher is the name of the property, so the last argument is tried first.
  const values = /property$/i.test(last) ? [...args].reverse() : args;
  for (const value of values) {
    const edit = otherValue(value, grammar);
    if (edit !== undefined) return edit;
  }
  return undefined;
}

function inversionOf({ root, names }: Chain, { grammar, text }: Reading, isNegated: boolean): Edit | undefined {
  const last = names.at(-1);
  if (isScript(grammar) || grammar === 'php') {
    const accessOperator = grammar === 'php' ? '->' : '.';
    if (isNegated) {
      const not = names.find((name) => name.text === 'not');
      if (not === undefined) return undefined;
      const from = text.lastIndexOf(accessOperator, not.from);
      return { from, to: not.to, text: '' };
    }
    const promiseName = [...names].reverse().find((name) => /^(?:resolves|rejects|eventually)$/.test(name.text));
    const at = promiseName?.to ?? root.to;
    return { from: at, to: at, text: `${accessOperator}not` };
  }
  const connector = [...names]
    .reverse()
    .find((name) => /^(?:to|not_to|to_not|To|NotTo|ToNot|Should|ShouldNot)$/.test(name.text));
  const name = connector ?? last;
  const inverse = name === undefined ? undefined : inverseOf(name.text, text);
  return name === undefined || inverse === undefined ? undefined : { from: name.from, to: name.to, text: inverse };
}

/** For a snapshot in a separate file: makes the test compare another value with it. */
function otherSubject({ root }: Chain, { grammar, text }: Reading): Edit | undefined {
  const subject = root.field('arguments')?.children[0];
  if (subject === undefined || !isScript(grammar)) return undefined;
  return { from: subject.from, to: subject.to, text: `[${text.slice(subject.from, subject.to)}, "_broken"]` };
}
