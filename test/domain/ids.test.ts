/**
 * Ids, keys and refs: each can be read back, other texts are refused, and stored forms never change.
 */
import {
  accountKeyOf,
  branchNameOf,
  callKeyOf,
  digestsInText,
  fenceKeyOf,
  hexOf,
  isDigest,
  isId,
  parkedRefOf,
  parseCallKey,
  parseWorkflowId,
  releaseIdOf,
  requestKeyOf,
  workflowIdOf,
} from '../../src/domain/ids';
import { markOf, trailerOf } from '../../src/domain/trailer';

const BUILD = { projectId: 'shop', buildId: 'b-1' };
const ATTEMPT = { generation: 2, attempt: 3, turn: 14 };
const DIGEST = `sha256:${'0af'.repeat(21)}0`;

test('keys and refs have the forms of stored data', () => {
  expect(callKeyOf({ ...BUILD, ...ATTEMPT, phase: 'testing', step: 4 })).toBe('shop.b-1.testing.g2.a3.s4');
  expect(accountKeyOf(BUILD, ATTEMPT)).toBe('shop.b-1.g2.a3.t14');
  expect(releaseIdOf({ ...BUILD, ...ATTEMPT })).toBe('b-1.g2.a3.t14');
  expect(parkedRefOf(BUILD, 2)).toBe('refs/parked/b-1/g2');
  expect(trailerOf(BUILD, { ...ATTEMPT, phase: 'implementation' })).toBe(
    'Q-Build: shop.b-1\nQ-Phase: implementation\nQ-Generation: 2\nQ-Attempt: 3\nQ-Turn: 14',
  );
});

test('R22: each key and ref contains the request key, and older builds keep the old forms', () => {
  const buildWithKey = { ...BUILD, requestKey: requestKeyOf(DIGEST) };
  const call = { ...buildWithKey, phase: 'testing' as const, generation: 2, attempt: 3, step: 4 };
  expect(buildWithKey.requestKey).toBe('0af0af0af0af0af0');
  expect(callKeyOf(call)).toBe('shop.b-1.testing.g2.a3.s4.r0af0af0af0af0af0');
  expect(parseCallKey(callKeyOf(call))).toEqual(call);
  expect(accountKeyOf(buildWithKey, ATTEMPT)).toBe('shop.b-1.g2.a3.t14.r0af0af0af0af0af0');
  expect(releaseIdOf({ ...buildWithKey, ...ATTEMPT })).toBe('b-1.g2.a3.t14.r0af0af0af0af0af0');
  expect(fenceKeyOf(buildWithKey)).toBe('shop.b-1.r0af0af0af0af0af0');
  expect(branchNameOf(buildWithKey)).toBe('builds/b-1.0af0af0af0af0af0');
  expect(parkedRefOf(buildWithKey, 2)).toBe('refs/parked/b-1.0af0af0af0af0af0/g2');
  expect([fenceKeyOf(BUILD), branchNameOf(BUILD)]).toEqual(['shop.b-1', 'builds/b-1']);
});

test('each form can be read back', () => {
  const call = { ...BUILD, phase: 'testing' as const, generation: 2, attempt: 3, step: 4 };
  expect(parseCallKey(callKeyOf(call))).toEqual(call);
  expect(parseWorkflowId(workflowIdOf(BUILD))).toEqual(BUILD);
  expect(hexOf(DIGEST)).toBe(DIGEST.slice(7));
  expect(digestsInText(`{"a":"${DIGEST}","b":"${DIGEST}"}`)).toEqual([DIGEST]);
  const mark = { ...ATTEMPT, phase: 'testing' as const };
  expect(markOf(BUILD, `Adds tests\n\n${trailerOf(BUILD, mark)}\n`)).toEqual(mark);
});

test.each(['', 'shop', 'shop.b.c', 'shop.', 'a b.c', `${'x'.repeat(65)}.b`])('%j is no workflow id', (text) =>
  expect(parseWorkflowId(text)).toBeNull(),
);

test.each(['shop.b.testing', 'shop.b.nothing.g1.a1.s1', 'shop.b.testing.g1.a1.sx', 'b.testing.g1.a1.s1'])(
  '%j is no key of a call',
  (key) => expect(parseCallKey(key)).toBeNull(),
);

test.each([null, 7, 'sha256:', DIGEST.toUpperCase(), `${DIGEST}0`, ` ${DIGEST}`])('%j is no digest', (value) =>
  expect(isDigest(value)).toBe(false),
);

test.each([null, '', 'a.b', 'a/b', 'x'.repeat(65)])('%j is no id', (value) => expect(isId(value)).toBe(false));

test('only a trailer at the end of the message, of this build, is read as its mark', () => {
  const trailer = trailerOf(BUILD, { ...ATTEMPT, phase: 'testing' });
  expect(markOf(BUILD, `m\n\n${trailer}\n\nand more`)).toBeUndefined();
  expect(markOf({ ...BUILD, buildId: 'b-2' }, `m\n\n${trailer}`)).toBeUndefined();
  expect(markOf(BUILD, `m\n\n${trailer.replace('testing', 'nothing')}`)).toBeUndefined();
  expect(markOf(BUILD, `m\n\n${trailer.replace(/\nQ-Turn.*/, '')}`)).toBeUndefined();
});
