/**
 * Tests repeated calls with the same result: the model gets a warning, and then its attempt fails.
 */
import { countRepeats } from '../../../src/activities/steps/repeats';

const call = (name: string, input: object) => ({ id: 'a', name, input });
const result = (name: string, output: string) => ({ id: 'a', name, output });
const READ = { calls: [call('read', { path: 'a.js' })], results: [result('read', 'one line')], isChanged: false };

function countTurns(turn: Parameters<typeof countRepeats>[1], count: number) {
  let countedTurn = countRepeats({}, turn);
  for (let n = 1; n < count; n++) countedTurn = countRepeats(countedTurn.repeats, turn);
  return countedTurn;
}

test('M16: the third result contains a warning, and the fourth call ends the attempt', () => {
  expect(countTurns(READ, 2).results[0]?.output).toBe('one line');
  const third = countTurns(READ, 3);
  expect(third.results[0]?.output).toMatch(/^one line\n\[read was called 3 times with this input/);
  expect(() => countRepeats(third.repeats, READ)).toThrow(
    /read was called in 4 turns with the same input and the same result/,
  );
});

test('M16: another input, another result, or a changed tree starts a new count', () => {
  const { repeats } = countTurns(READ, 3);
  const other = { ...READ, calls: [call('read', { path: 'b.js' })] };
  expect(countRepeats(repeats, other).results[0]?.output).toBe('one line');
  expect(countRepeats(repeats, { ...READ, results: [result('read', 'two lines')] }).results[0]?.output).toBe(
    'two lines',
  );
  const changed = countRepeats(repeats, { ...READ, isChanged: true });
  expect(changed.results[0]?.output).toBe('one line');
});

test('M16: a run whose output differs in its seconds only is the same run', () => {
  const run = (seconds: number) => ({
    calls: [call('run', { command: ['npm', 'test'] })],
    results: [result('run', `exit code 1\n1 failed in ${seconds} ms`)],
    isChanged: false,
  });
  let countedTurn = countRepeats({}, run(120));
  countedTurn = countRepeats(countedTurn.repeats, run(97));
  countedTurn = countRepeats(countedTurn.repeats, run(133));
  expect(countedTurn.results[0]?.output).toContain('[run was called 3 times');
});

test('M16: the same call several times in one turn is one repeat, since the model had not seen its result', () => {
  const fourCalls = {
    calls: ['a', 'b', 'c', 'd'].map((id) => ({ ...call('read', { path: 'a.js' }), id })),
    results: ['a', 'b', 'c', 'd'].map((id) => ({ ...result('read', 'one line'), id })),
    isChanged: false,
  };
  const countedTurn = countRepeats({}, fourCalls);
  expect(countedTurn.results.map(({ output }) => output)).toEqual(Array(4).fill('one line'));
  expect(Object.values(countedTurn.repeats)).toEqual([1]);
});
