/**
 * Finds the tests of a file, with their positions and their names as far as the file shows them.
 */
import type { Grammar } from './grammars';
import { STRINGS } from './literals';
import type { Syntax } from './syntax';

export interface FoundTest {
  name: string;
  node: Syntax;
  /** True if the file itself marks the test as skipped. */
  isSkipped: boolean;
}

type Finder = (node: Syntax) => Omit<FoundTest, 'node'> | undefined;

const FINDERS: Record<Grammar, Finder> = {
  javascript: testCall,
  typescript: testCall,
  tsx: testCall,
  python: (node) => testWithName(node, 'function_definition', /^test/i),
  // Only the run shows whether a benchmark runs as a test.
  go: (node) => testWithName(node, 'function_declaration', /^(?:Test|Fuzz|Example|Benchmark)(?![a-z])/),
  java: (node) => testWithAnnotation(node, 'method_declaration', /@(?:\w+\.)*(?:\w*Test|TestFactory|Property)\b/),
  'c-sharp': (node) =>
    testWithAnnotation(
      node,
      'method_declaration',
      /\b(?:Fact|Theory|Test|TestCase|TestMethod|DataTestMethod)(?:Attribute)?\b/,
    ),
  rust: rustTest,
  ruby: (node) => testWithName(node, 'method', /^test_/) ?? testCall(node),
  php: (node) =>
    testWithName(node, 'method_declaration', /^test/i) ??
    testWithAnnotation(node, 'method_declaration', /#\[Test\]|@test\b/) ??
    testCall(node),
  cpp: macroTest,
};

export function testsIn(root: Syntax, grammar: Grammar): FoundTest[] {
  const find = FINDERS[grammar];
  const found: FoundTest[] = [];
  for (const node of root.walk()) {
    const test = node.isNamed ? find(node) : undefined;
    if (test !== undefined) found.push({ ...test, node });
  }
  return found;
}

/** The called function of a test, such as `it`, `test.only` or `test.each(`. */
const TEST_CALL =
  /^(?:\w{1,40}\.)?(?:test|it|specify|fit|xit|xtest|example|scenario)(?:\.(?:only|skip|todo|fixme|fails?|failing|concurrent|serial|sequential|each|for|runIf|skipIf|step|effect|prop|live|scoped))*(?:\(|`|$)/;
/** The same for a skipped test. */
const SKIPPED_CALL = /^(?:x|\w*\.?(?:test|it|specify)(?:\.\w+)*\.(?:skip|todo|fixme|fails?|failing)\b)/;

/** Recognises a call such as `it('adds', () => { ... })` of JavaScript, Pest and RSpec, with or without a table of cases. */
function testCall(node: Syntax): Omit<FoundTest, 'node'> | undefined {
  if (!/^(?:call_expression|call|function_call_expression)$/.test(node.type)) return undefined;
  const called = node.field('function') ?? node.field('method');
  if (called === undefined || !TEST_CALL.test(called.text.slice(0, 80))) return undefined;
  const args = node.field('arguments')?.children ?? [];
  const parts = args.map((one) => (one.type === 'argument' ? (one.children[0] ?? one) : one));
  const holdsCode =
    node.field('block') !== undefined || parts.some(({ type }) => !STRINGS.has(type) && type !== 'object');
  if (!holdsCode) return undefined;
  const title = parts.find(({ type }) => STRINGS.has(type));
  if (title === undefined && !/function|block|lambda/.test(parts.at(-1)?.type ?? 'block')) return undefined;
  return { name: title === undefined ? '' : titleOf(title), isSkipped: SKIPPED_CALL.test(called.text.slice(0, 80)) };
}

/** Returns the text of a string without its quotes. */
function titleOf(node: Syntax): string {
  return node.text.slice(1, -1).slice(0, 300);
}

function testWithName(node: Syntax, type: string, pattern: RegExp): Omit<FoundTest, 'node'> | undefined {
  const name = node.type === type ? node.field('name')?.text : undefined;
  return name !== undefined && pattern.test(name) ? { name, isSkipped: false } : undefined;
}

function testWithAnnotation(node: Syntax, type: string, pattern: RegExp): Omit<FoundTest, 'node'> | undefined {
  if (node.type !== type) return undefined;
  const name = node.field('name')?.text ?? '';
  const modifiers = node.children.filter((child) => child.type === 'modifiers' || child.type === 'attribute_list');
  const before = node.parent?.all.filter((one) => one.to <= node.from).at(-1);
  const annotations = [...modifiers, ...(before?.type === 'comment' ? [before] : [])].map(({ text }) =>
    text.slice(0, 400),
  );
  return annotations.some((one) => pattern.test(one))
    ? { name, isSkipped: annotations.some((one) => /@(?:Disabled|Ignore)\b|\bSkip\s*=/.test(one)) }
    : undefined;
}

/** Recognises a test of Rust by its attributes, which are siblings in front of the function. */
function rustTest(node: Syntax): Omit<FoundTest, 'node'> | undefined {
  if (node.type !== 'function_item') return undefined;
  const attributes = attributesBefore(node).map(({ text }) => text.slice(0, 200));
  if (
    !attributes.some((one) =>
      /^#\[\s*(?:\w+::)*(?:test|rstest|test_case|wasm_bindgen_test|quickcheck|bench)\b/.test(one),
    )
  )
    return undefined;
  return { name: node.field('name')?.text ?? '', isSkipped: attributes.some((one) => /^#\[\s*ignore\b/.test(one)) };
}

/** Returns the attributes directly in front of a node of Rust. */
export function attributesBefore(node: Syntax): Syntax[] {
  const siblings = node.parent?.all ?? [];
  const found: Syntax[] = [];
  for (let index = siblings.findIndex(({ from }) => from === node.from) - 1; index >= 0; index -= 1) {
    const sibling = siblings[index];
    if (sibling === undefined || !/^(?:attribute_item|line_comment|block_comment)$/.test(sibling.type)) break;
    if (sibling.type === 'attribute_item') found.push(sibling);
  }
  return found;
}

/** Recognises `TEST(Suite, name) { ... }`, which the grammar reads as a function with the name of the macro. */
function macroTest(node: Syntax): Omit<FoundTest, 'node'> | undefined {
  if (node.type !== 'function_definition') return undefined;
  const head = node.field('declarator');
  const name = head?.field('declarator')?.text ?? '';
  if (
    !/^(?:TEST|TEST_F|TEST_P|TYPED_TEST|TEST_CASE|BOOST_AUTO_TEST_CASE|Test|test_\w+)$/.test(name) &&
    !/^test/i.test(name)
  )
    return undefined;
  const parameters = head?.field('parameters')?.children.map(({ text }) => text) ?? [];
  return { name: /^TEST|^TYPED/.test(name) && parameters.length > 0 ? parameters.join('.') : name, isSkipped: false };
}
