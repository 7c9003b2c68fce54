/** Reads the output of test runners as their public documentation shows it; each row names its source. */
import { readOutput } from './read-output';

const DOCUMENTED: Array<[string, string, string, object]> = [
  [
    'nextest',
    'https://nexte.st/docs/running/',
    '        PASS [   0.005s] (1/2) sums tests::adds\n        FAIL [   0.004s] (2/2) sums tests::wrong\n------------\n     Summary [   0.012s] 2 tests run: 1 passed, 1 failed, 3 skipped\n        FAIL [   0.004s] (2/2) sums tests::wrong\n',
    { total: 2, passed: 1, failed: 1 },
  ],
  [
    'ctest',
    'https://cmake.org/cmake/help/latest/manual/ctest.1.html',
    '    Start 1: adds\n1/3 Test #1: adds .............................   Passed    0.00 sec\n2/3 Test #2: wrong ............................***Failed    0.01 sec\n3/3 Test #3: gone .............................***Not Run (Disabled)   0.00 sec\n',
    { total: 3, passed: 1, failed: 2 },
  ],
  [
    'maven',
    'https://maven.apache.org/surefire/maven-surefire-plugin/',
    '[INFO] Tests run: 2, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.03 s - in a.ATest\n[INFO] \n[ERROR] Tests run: 4, Failures: 1, Errors: 1, Skipped: 1\n',
    { total: 4, passed: 1, failed: 2, skipped: 1 },
  ],
  [
    'gradle',
    'https://docs.gradle.org/current/userguide/java_testing.html',
    'UserTest > adds() PASSED\n\nUserTest > wrong() FAILED\n    org.opentest4j.AssertionFailedError at UserTest.java:9\n\n2 tests completed, 1 failed\n',
    { total: 2, passed: 1, failed: 1 },
  ],
  [
    'dotnet',
    'https://learn.microsoft.com/dotnet/core/tools/dotnet-test',
    'Failed!  - Failed:     1, Passed:     2, Skipped:     1, Total:     4, Duration: 20 ms - A.dll (net8.0)\nPassed!  - Failed:     0, Passed:     3, Skipped:     0, Total:     3, Duration: 5 ms - B.dll (net8.0)\n',
    { total: 7, passed: 5, failed: 1, skipped: 1 },
  ],
  [
    'rspec',
    'https://rspec.info/features/3-13/rspec-core/command-line/',
    'Finished in 0.002 seconds\n3 examples, 1 failure, 1 pending\n\nFailed examples:\n\nrspec ./spec/a_spec.rb:3 # A adds\n',
    { total: 3, passed: 1, failed: 1, skipped: 1 },
  ],
  [
    'minitest',
    'https://docs.seattlerb.org/minitest/',
    '3 runs, 4 assertions, 1 failures, 0 errors, 1 skips\n',
    { total: 3, passed: 1, failed: 1, skipped: 1 },
  ],
  [
    'phpunit',
    'https://docs.phpunit.de/en/11.5/textui.html',
    'There was 1 failure:\n\n1) UserTest::testWrong\nFailed asserting that false is true.\n\nFAILURES!\nTests: 3, Assertions: 3, Failures: 1, Skipped: 1.\n',
    { total: 3, passed: 1, failed: 1, skipped: 1 },
  ],
  ['phpunit', 'https://docs.phpunit.de/en/11.5/textui.html', 'OK (3 tests, 5 assertions)\n', { total: 3, passed: 3 }],
  [
    'bun',
    'https://bun.sh/docs/cli/test',
    'a.test.ts:\n(pass) group > adds [0.05ms]\n(fail) is wrong\n\n 1 pass\n 1 fail\n 2 expect() calls\nRan 2 tests across 1 file. [8.00ms]\n',
    { total: 2, passed: 1, failed: 1 },
  ],
  [
    'deno',
    'https://docs.deno.com/runtime/fundamentals/testing/',
    'running 2 tests from ./a_test.ts\nadds ... ok (1ms)\nis wrong ... FAILED (2ms)\n\nFAILED | 1 passed | 1 failed (3ms)\n',
    { total: 2, passed: 1, failed: 1 },
  ],
  [
    'jasmine',
    'https://jasmine.github.io/setup/nodejs.html',
    'Started\nF.*\n\n3 specs, 1 failure, 1 pending spec\nFinished in 0.01 seconds\n',
    { total: 3, passed: 1, failed: 1, skipped: 1 },
  ],
  [
    'playwright',
    'https://playwright.dev/docs/test-reporters',
    '  1 failed\n    a.spec.ts:3:1 › is wrong\n  1 skipped\n  2 passed (1.2s)\n',
    { total: 4, passed: 2, failed: 1, skipped: 1 },
  ],
  [
    'uvu',
    'https://github.com/lukeed/uvu',
    '   FAIL  "is wrong"\n\n  Total:     3\n  Passed:    2\n  Skipped:   1\n  Duration:  1ms\n',
    { total: 4, passed: 2, failed: 1, skipped: 1 },
  ],
  [
    'ava',
    'https://github.com/avajs/ava',
    '  ✔ adds\n  ✘ [fail]: is wrong\n  ─\n\n  is wrong\n\n  1 test failed\n  1 test skipped\n',
    { total: 2, failed: 1, skipped: 1 },
  ],
  [
    'googletest',
    'https://google.github.io/googletest/',
    '[       OK ] Sums.Adds (0 ms)\n[  FAILED  ] Sums.Wrong (0 ms)\n[  FAILED  ] 1 test, listed below:\n[  FAILED  ] Sums.Wrong\n',
    { total: 2, passed: 1, failed: 1 },
  ],
];

test.each(DOCUMENTED)('%s is read as %s documents it', (runner, _, output, counts) => {
  expect(readOutput(output)).toMatchObject({ runners: [runner], counts });
});
