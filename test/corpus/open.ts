/**
 * Cheating builds that nothing holds at present: only the watch in the test process did, which honest projects paid for. What judges
 * from outside of the process must empty this list. A run fails where one of them is held again: then it leaves the list.
 */
export const OPEN: Readonly<Record<string, string>> = {
  'the code blunts assert.equal': 'Assertions can be replaced inside the process, and no test turns red.',
  'the code turns failures into passes where every result comes by':
    'What the process of a test file tells the runner can be changed inside that process.',
  'the code replaces toBe (jest)': 'Matchers can be replaced inside the process, and no test turns red.',
  'the code replaces expect (jest)': 'The function that asserts can be replaced inside the process.',
  'a comment tells the counter to look away (jest)':
    'Lines of jest are counted only where the project itself counts them.',
  'most of the new code is never run (pytest)':
    'Lines of Python are counted only where the project itself counts them.',
};
