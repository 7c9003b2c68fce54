/**
 * Two projects of round 2, the till in Bash and the till in C. Each has its own test program, which prints TAP.
 */
import { honestRoles } from '../projects/promises';
import type { ScriptedBuild } from '../scripted-build';

/** Names a file as evidence: the gates cannot find the name of a test in these languages. */
function withEvidence(till: ScriptedBuild, file: string): ScriptedBuild {
  for (const one of [...till.verification.checklist, ...till.deployment.pre_checks]) one.evidence = file;
  return till;
}

const RUN = `#!/bin/bash
n=0
failed=0
for file in tests/*.sh; do
  while read -r name; do
    n=$((n + 1))
    if bash -c ". ./$file && $name"; then echo "ok $n - $name"; else echo "not ok $n - $name" && failed=1; fi
  done < <(sed -n 's/^\\(test_[a-z_0-9]*\\)() .*/\\1/p' "$file")
done
echo "1..$n"
exit $failed
`;
const bashTests = (source: string, tests: ReadonlyArray<readonly [name: string, call: string, paid: number]>): string =>
  `. ./${source}.sh\n\n${tests.map(([name, call, paid]) => `test_${name}() { [ "$(${call})" = ${paid} ]; }\n`).join('')}`;

export function bashTill(): ScriptedBuild {
  const till: ScriptedBuild = {
    runner: 'a program of its own',
    language: 'Bash',
    base: {
      'price.sh': '# Cents times count.\ntotal() {\n  echo $(($1 * $2))\n}\n',
      'run-tests.sh': RUN,
      'tests/price.sh': bashTests('price', [['a_line_is_multiplied', 'total 250 2', 500]]),
    },
    request: { commands: { test: ['bash', 'run-tests.sh'] } },
    ...honestRoles({
      source: 'discount.sh',
      code: {
        'discount.sh':
          '. ./price.sh\n\n# A tenth is taken off from 100.00 on.\nto_pay() {\n  local sum\n  sum=$(total "$1" "$2")\n  if ((sum >= 10000)); then sum=$((sum * 9 / 10)); fi\n  echo "$sum"\n}\n',
        'tests/discount.sh': bashTests('discount', [
          ['a_large_basket_gets_a_tenth_off', 'to_pay 5000 2', 9000],
          ['a_small_basket_is_paid_in_full', 'to_pay 500 3', 1500],
        ]),
      },
      test_cases: ['test_a_large_basket_gets_a_tenth_off', 'test_a_small_basket_is_paid_in_full'],
      tests: {
        'tests/audit.sh': bashTests('discount', [
          ['one_cent_below_is_paid_in_full', 'to_pay 9999 1', 9999],
          ['a_large_basket_is_rounded_down', 'to_pay 12345 1', 11110],
        ]),
      },
      testLabels: ['test_a_large_basket_gets_a_tenth_off', 'test_one_cent_below_is_paid_in_full'],
    }),
  };
  return withEvidence(till, 'discount.sh');
}

const MAKEFILE = `CC ?= cc
OUT := $(shell mktemp -d)

test:
	@$(CC) -o $(OUT)/run run-tests.c && $(OUT)/run
`;
const HARNESS = `#include <stdio.h>
#include "till.h"

static int number, failed;
static void check(const char *name, long got, long expected) {
  number++;
  if (got != expected) failed = 1;
  printf("%s %d - %s\\n", got == expected ? "ok" : "not ok", number, name);
}
#include "price.c"
#if __has_include("discount.c")
#include "discount.c"
#endif
#define TEST(name, got, expected) check(name, got, expected);
int main(void) {
#include "tests/price.h"
#if __has_include("tests/discount.h")
#include "tests/discount.h"
#endif
#if __has_include("tests/audit.h")
#include "tests/audit.h"
#endif
  printf("1..%d\\n", number);
  return failed;
}
`;
type CTest = readonly [name: string, cents: number, count: number, paid: number];
const cTests = (call: string, tests: readonly CTest[]): string =>
  tests.map(([name, cents, count, paid]) => `TEST("${name}", ${call}(${cents}, ${count}), ${paid})\n`).join('');

export function cTill(): ScriptedBuild {
  const till: ScriptedBuild = {
    runner: 'make',
    language: 'C',
    base: {
      Makefile: MAKEFILE,
      'run-tests.c': HARNESS,
      'till.h': 'long total(long cents, long count);\nlong to_pay(long cents, long count);\n',
      'price.c': 'long total(long cents, long count) {\n  return cents * count;\n}\n',
      'tests/price.h': cTests('total', [['a line is multiplied', 250, 2, 500]]),
    },
    request: { commands: { test: ['make', 'test'] } },
    ...honestRoles({
      source: 'discount.c',
      code: {
        'discount.c':
          '/* A tenth is taken off from 100.00 on. */\nlong to_pay(long cents, long count) {\n  long sum = total(cents, count);\n  if (sum >= 10000) return sum * 9 / 10;\n  return sum;\n}\n',
        'tests/discount.h': cTests('to_pay', [
          ['a large basket gets a tenth off', 5000, 2, 9000],
          ['a small basket is paid in full', 500, 3, 1500],
        ]),
      },
      test_cases: ['a large basket gets a tenth off', 'a small basket is paid in full'],
      tests: {
        'tests/audit.h': cTests('to_pay', [
          ['one cent below is paid in full', 9999, 1, 9999],
          ['a large basket is rounded down', 12345, 1, 11110],
        ]),
      },
      testLabels: ['a large basket gets a tenth off', 'one cent below is paid in full'],
    }),
  };
  return withEvidence(till, 'discount.c');
}
