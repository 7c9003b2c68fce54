/**
 * C shapes with cmake and with make, and a static page without tests.
 */
import type { Shape } from '../shape';
import { MILLION_EXAMPLE, NEW_EXAMPLES, OLD_EXAMPLES, THOUSAND_EXAMPLE, thousandsWork } from '../work';
import type { Example } from '../work';
import { amountsSources, testFile } from '../sources/javascript';

const HEADER = `#ifndef AMOUNTS_H
#define AMOUNTS_H

/* 1205 as 12.05. */
void format_cents(long cents, char *text);
`;
const FORMAT = `#include "amounts.h"

#include <stdio.h>
`;
const C = {
  base: {
    'src/amounts.h': `${HEADER}\n#endif\n`,
    'src/amounts.c': `${FORMAT}
void format_cents(long cents, char *text) {
  sprintf(text, "%ld.%02ld", cents / 100, cents % 100);
}
`,
  },
  changed: {
    'src/amounts.h': `${HEADER}\n/* 1234567 as 1,234,567. */\nvoid group_digits(long whole, char *text);\n\n#endif\n`,
    'src/amounts.c': `${FORMAT}#include <string.h>

void group_digits(long whole, char *text) {
  char digits[32];
  sprintf(digits, "%ld", whole);
  size_t length = strlen(digits);
  for (size_t at = 0; at < length; at++) {
    if (at > 0 && (length - at) % 3 == 0) *text++ = ',';
    *text++ = digits[at];
  }
  *text = 0;
}

void format_cents(long cents, char *text) {
  char whole[48];
  group_digits(cents / 100, whole);
  sprintf(text, "%s.%02ld", whole, cents % 100);
}
`,
  },
};
const cTest = (examples: readonly Example[]) => `#include "amounts.h"

#include <stdio.h>
#include <string.h>

static int failed = 0;

static void expect(const char *name, long cents, const char *amount) {
  char text[64];
  format_cents(cents, text);
  int is_right = strcmp(text, amount) == 0;
  printf("%s: %s\\n", is_right ? "ok" : "FAILED", name);
  failed += !is_right;
}

int main(void) {
${examples.map(([name, cents, amount]) => `  expect("${name}", ${cents}, "${amount}");`).join('\n')}
  return failed;
}
`;

export const NATIVE_SHAPES: Shape[] = [
  {
    name: 'cmake with ctest',
    tools: ['cmake', 'ctest', 'cc'],
    base: {
      'CMakeLists.txt': `cmake_minimum_required(VERSION 3.16)
project(amounts C)

add_library(amounts src/amounts.c)
target_include_directories(amounts PUBLIC src)

enable_testing()
file(GLOB test_files tests/test_*.c)
foreach(test_file \${test_files})
  get_filename_component(test_name \${test_file} NAME_WE)
  add_executable(\${test_name} \${test_file})
  target_link_libraries(\${test_name} amounts)
  add_test(NAME \${test_name} COMMAND \${test_name})
endforeach()
`,
      '.gitignore': 'build\n',
      'README.md':
        '# Amounts\n\n    cmake -B build && cmake --build build && ctest --test-dir build --output-on-failure\n',
      ...C.base,
      'tests/test_amounts.c': cTest(OLD_EXAMPLES),
    },
    byHand: { test: 'cmake -B build && cmake --build build && ctest --test-dir build --output-on-failure' },
    work: thousandsWork({
      code: C.changed,
      tests: { 'tests/test_thousands.c': cTest(NEW_EXAMPLES) },
      thousandTest: 'test_thousands',
      millionTest: 'tests/test_thousands.c: a million has two commas',
      keptTest: 'test_amounts',
    }),
  },
  {
    name: 'make',
    tools: ['make', 'cc'],
    base: {
      Makefile: `CFLAGS = -Isrc -Wall
TESTS = $(patsubst tests/%.c,build/%,$(wildcard tests/test_*.c))

test: $(TESTS)
	@status=0; for test in $(TESTS); do $$test || status=1; done; exit $$status

build/%: tests/%.c src/amounts.c src/amounts.h
	@mkdir -p build
	$(CC) $(CFLAGS) -o $@ $< src/amounts.c

clean:
	rm -rf build

.PHONY: test clean
`,
      '.gitignore': 'build\n',
      ...C.base,
      'tests/test_amounts.c': cTest(OLD_EXAMPLES),
    },
    byHand: { test: 'make test' },
    work: thousandsWork({
      code: C.changed,
      tests: { 'tests/test_thousands.c': cTest(NEW_EXAMPLES) },
      thousandTest: THOUSAND_EXAMPLE[0],
      millionTest: `tests/test_thousands.c: ${MILLION_EXAMPLE[0]}`,
      keptTest: OLD_EXAMPLES[0]?.[0] ?? '',
    }),
  },
  staticPage(),
];

/** Has no test and no test command: the Test Auditor adds a test for node. */
function staticPage(): Shape {
  const { base, changed } = amountsSources('esm');
  const added = 'test/thousands.test.mjs';
  return {
    name: 'static page without tests',
    base: {
      'index.html': `<!doctype html>
<html lang="en">
  <title>Prices</title>
  <p>Tea <output data-cents="350"></output></p>
  <script type="module" src="show.mjs"></script>
</html>
`,
      'show.mjs': `import { format } from './amounts.mjs';

for (const element of document.querySelectorAll('[data-cents]')) {
  element.textContent = format(Number(element.dataset.cents));
}
`,
      'amounts.mjs': base,
    },
    byHand: { test: 'node --test test/*.test.mjs', hasNoTests: true },
    work: thousandsWork({
      code: { 'amounts.mjs': changed },
      tests: { [added]: testFile('node', '../amounts.mjs', NEW_EXAMPLES) },
      testCommand: ['node', '--test'],
      thousandTest: `${added}: ${THOUSAND_EXAMPLE[0]}`,
      millionTest: `${added}: ${MILLION_EXAMPLE[0]}`,
    }),
  };
}
