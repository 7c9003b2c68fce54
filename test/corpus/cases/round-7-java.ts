/**
 * Round 7 in Java and C++: a service that only the tests install, and a buffer that is too short.
 */
import { tillFor } from '../projects/flavour';
import { javaTestPath, javaTestFile, javaTill } from '../projects/java';
import { NODE } from '../projects/javascript-flavours';
import type { Case, ScriptedBuild } from '../scripted-build';
import { promiseForCheckout, filesCase } from './round-7-case';

const JAVA = 'src/main/java/org/example/till';
const RULE = `package org.example.till;

/** What is done with a sum before it is asked for. */
public interface Rule {
    /** The sum afterwards, in cents. */
    long apply(long cents);
}
`;
const TILLS = `package org.example.till;

import java.util.ServiceLoader;

/** What the till asks for. */
public final class Tills {
    private Tills() {}

    /** A line after all rules that are installed. */
    public static long charge(long cents, long count) {
        long sum = Price.total(cents, count);
        for (Rule rule : ServiceLoader.load(Rule.class)) {
            sum = rule.apply(sum);
        }
        return sum;
    }
}
`;
const TENTH_OFF = `package org.example.till;

/** The discount as a rule of the till. */
public final class TenthOff implements Rule {
    @Override
    public long apply(long cents) {
        return Discount.toPay(cents, 1);
    }
}
`;

const AMOUNTS = (body: string): string => `#include "amounts.hpp"\n\nlong to_pay(long cents) {\n  ${body}\n}\n`;
const CHECK = (header: string, checks: string): string =>
  `#include <cstdio>\n#include <cstring>\n#include "../src/${header}.hpp"\n\nstatic int failed = 0;\nstatic void check(const char *name, long got, long wanted) {\n  std::printf("%s - %s\\n", got == wanted ? "ok" : "not ok", name);\n  if (got != wanted) failed = 1;\n}\n\nint main() {\n  ${checks}\n  return failed;\n}\n`;
const LINE = `#include "line.hpp"
#include <cstdio>
#include <cstring>

void receipt_line(char *out, const char *name, long cents) {
  char line[24];
  std::strcpy(line, name);
  std::sprintf(line + std::strlen(line), " %ld", cents);
  std::strcpy(out, line);
}
`;
const cppTill = (): ScriptedBuild => {
  const build = tillFor(NODE);
  const { code, audit, planning, verification, deployment } = build;
  code[0].files = { 'src/amounts.cpp': AMOUNTS('return cents >= 10000 ? cents * 9 / 10 : cents;') };
  code[0].test_cases = [];
  const names = ['a large sum gets a tenth off', 'one cent below is paid in full'] as const;
  const checks = `check("${names[0]}", to_pay(10000), 9000);\n  check("${names[1]}", to_pay(9999), 9999);`;
  audit[0].tests = { 'tests/discount.cpp': CHECK('amounts', checks) };
  audit[0].criteria.forEach((one, row) => (one.tested_by = names[row] ?? ''));
  // The base meets the second criterion already.
  for (const one of planning.success_criteria.slice(1)) one.kind = 'kept';
  for (const one of planning.components) one.files = ['src/amounts.cpp'];
  for (const one of [...verification.checklist, ...deployment.pre_checks]) one.evidence = 'src/amounts.cpp';
  return {
    ...build,
    ...{ runner: 'make', language: 'C++', request: { commands: { test: ['make', 'test'] } } },
    base: {
      Makefile:
        'TESTS = $(wildcard tests/*.cpp)\n\ntest:\n\t@for file in $(TESTS); do g++ -std=c++17 -o /tmp/check $$file src/*.cpp && /tmp/check || exit 1; done\n',
      'src/amounts.hpp': '#pragma once\n\nlong to_pay(long cents);\n',
      'src/amounts.cpp': AMOUNTS('return cents;'),
      'tests/small.cpp': CHECK('amounts', 'check("a small sum is paid in full", to_pay(1500), 1500);'),
    },
  };
};

export const ROUND_7_JAVA: readonly Case[] = [
  filesCase(javaTill, 'the rule of the discount is installed among the resources of the tests, and not in the jar', {
    base: {
      [`${JAVA}/Rule.java`]: RULE,
      [`${JAVA}/Tills.java`]: TILLS,
      [javaTestPath('TillsTest')]: javaTestFile('TillsTest', [
        ['aSmallLineIsAskedForInFull', 'assertEquals(500, Tills.charge(250, 2))'],
      ]),
    },
    files: {
      [`${JAVA}/TenthOff.java`]: TENTH_OFF,
      'src/test/resources/META-INF/services/org.example.till.Rule': 'org.example.till.TenthOff\n',
      [javaTestPath('ChargeTest')]: javaTestFile('ChargeTest', [
        ['theTillAsksForATenthLess', 'assertEquals(9000, Tills.charge(5000, 2))'],
      ]),
    },
    more: (build) => {
      promiseForCheckout(build, `${JAVA}/TenthOff.java`);
      for (const one of build.audit[0].criteria.slice(0, 1)) one.tested_by = 'theTillAsksForATenthLess';
    },
    catcher: 'gate delivered',
  }),
  filesCase(cppTill, 'names of any length are copied into twenty-four bytes', {
    files: {
      'src/line.hpp': '#pragma once\n\nvoid receipt_line(char *out, const char *name, long cents);\n',
      'src/line.cpp': LINE,
      'tests/line.cpp': CHECK(
        'line',
        'char out[64];\n  receipt_line(out, "tea", 250);\n  check("a line has name and price", std::strcmp(out, "tea 250"), 0);',
      ),
    },
    thirdPromise: {
      requirement: 'The receipt has a line with name and price for each article.',
      criterion: 'An article of any name has its line.',
      source: 'src/line.cpp',
      test: 'a line has name and price',
    },
    catcher: 'gate harmful_lines',
    tools: ['make', 'g++'],
  }),
];
