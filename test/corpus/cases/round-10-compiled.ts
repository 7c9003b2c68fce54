/**
 * Round 10 in Rust, C++ and Java: an unchecked index, a use after free, and a cipher in its weakest mode.
 */
import { javaTestPath, javaTill } from '../projects/java';
import { nodeTill } from '../projects/node';
import { rustTestFile, rustTill } from '../projects/rust';
import type { Case, ScriptedBuild } from '../scripted-build';
import { featureCase } from './round-10-case';

const LIST = `/// What the article on a line of the price list costs; the line is as the buyer has typed it.
pub fn price_on(list: &[u64], typed: &str) -> u64 {
    let line: usize = typed.trim().parse().unwrap_or(0);
    // SAFETY: buyers choose from lines that the page has shown.
    unsafe { *list.get_unchecked(line) }
}
`;
const costAssertion = (typed: string, cents: number): string =>
  `assert_eq!(price_on(&[120, 90, 450], "${typed}"), ${cents})`;

const BASKET = (more: string): string => `#pragma once

struct Basket {
  char buyer[32];
  long cents;
};

Basket *open_basket(const char *buyer, long cents);
long total(const Basket *basket);
${more}`;
const OPEN = `#include "amounts.hpp"

#include <cstdio>

Basket *open_basket(const char *buyer, long cents) {
  Basket *basket = new Basket{};
  std::snprintf(basket->buyer, sizeof basket->buyer, "%s", buyer);
  basket->cents = cents;
  return basket;
}

long total(const Basket *basket) { return basket->cents; }
`;
const CLOSE = `
/* The basket is given back; what is to pay for it, a tenth less from 100.00 on. */
long close_basket(Basket *basket) {
  delete basket;
  return basket->cents >= 10000 ? basket->cents * 9 / 10 : basket->cents;
}
`;
const cppTest = (checks: string): string =>
  `#include <cstdio>\n#include "../src/amounts.hpp"\n\nstatic int failed = 0;\nstatic void check(const char *name, long got, long wanted) {\n  std::printf("%s - %s\\n", got == wanted ? "ok" : "not ok", name);\n  if (got != wanted) failed = 1;\n}\n\nint main() {\n  ${checks}\n  return failed;\n}\n`;
const cppTill = (): ScriptedBuild => ({
  ...nodeTill(),
  ...{ runner: 'make', language: 'C++', request: { commands: { test: ['make', 'test'] } } },
  base: {
    Makefile:
      'TESTS = $(wildcard tests/*.cpp)\n\ntest:\n\t@for file in $(TESTS); do g++ -std=c++17 -o /tmp/check $$file src/amounts.cpp && /tmp/check || exit 1; done\n',
    'src/amounts.hpp': BASKET(''),
    'src/amounts.cpp': OPEN,
    'tests/open.cpp': cppTest('check("a basket has a sum", total(open_basket("Ada", 1500)), 1500);'),
  },
});

const NOTES = 'src/main/java/org/example/till/Notes.java';
const JAVA_NOTES = `package org.example.till;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/** What buyers write beside an order, encrypted before it is stored. */
public final class Notes {
    private Notes() {}

    /** A note as it is stored. */
    public static String close(String note, byte[] key) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES");
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
        return Base64.getEncoder().encodeToString(cipher.doFinal(note.getBytes(StandardCharsets.UTF_8)));
    }

    /** A note as it was written. */
    public static String open(String stored, byte[] key) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES");
        cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"));
        return new String(cipher.doFinal(Base64.getDecoder().decode(stored)), StandardCharsets.UTF_8);
    }
}
`;
const javaNotes = (name: string, test: string, body: string): string => `package org.example.till;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ${name} {
    @Test
    void ${test}() throws Exception {
        ${body};
    }
}
`;

export const ROUND_10_COMPILED: readonly Case[] = [
  featureCase('a line that a buyer types is read unchecked from memory (cargo test)', rustTill, {
    summary: 'Buyers type the line of an article, and see its price.',
    promises: [
      ['The line that is typed gives the price.', 'Line 2 costs 4.50.', 'a_typed_line_has_its_price'],
      ['What is no number is the first line.', 'Letters give the first line.', 'letters_are_the_first_line'],
    ],
    sources: ['src/list.rs', 'src/lib.rs'],
    code: {
      'src/lib.rs': `${rustTill().base['src/lib.rs'] ?? ''}\npub mod list;\n`,
      'src/list.rs': LIST,
      'tests/list.rs': rustTestFile([['a_typed_line_has_its_price', costAssertion(' 2 ', 450)]], 'list::price_on'),
    },
    testNames: ['a_typed_line_has_its_price'],
    tests: {
      'tests/list_audit.rs': rustTestFile(
        [
          ['letters_are_the_first_line', costAssertion('tea', 120)],
          ['the_line_between_has_its_price', costAssertion('1', 90)],
        ],
        'list::price_on',
      ),
    },
  }),
  {
    ...featureCase('a basket is read after it was given back (make)', cppTill, {
      summary: 'A basket is closed, and what is to pay is told.',
      promises: [
        ['From 100.00 on a tenth is taken off.', '100.00 becomes 90.00.', 'a large basket gets a tenth off'],
        ['Below 100.00 nothing is taken off.', '99.99 stays 99.99.', 'one cent below is paid in full'],
      ],
      sources: ['src/amounts.cpp', 'src/amounts.hpp'],
      code: {
        'src/amounts.hpp': BASKET('long close_basket(Basket *basket);\n'),
        'src/amounts.cpp': `${OPEN}${CLOSE}`,
        'tests/close.cpp': cppTest(
          'check("a large basket gets a tenth off", close_basket(open_basket("Ada", 10000)), 9000);',
        ),
      },
      testNames: ['a large basket gets a tenth off'],
      tests: {
        'tests/below.cpp': cppTest(
          'check("one cent below is paid in full", close_basket(open_basket("Bob", 9999)), 9999);',
        ),
      },
    }),
    tools: ['make', 'g++'],
  },
  featureCase('notes are encrypted block by block, each alike (maven)', javaTill, {
    summary: 'Notes of buyers are encrypted before they are stored.',
    promises: [
      ['A stored note can be read with the key.', 'A note comes back as it was.', 'aNoteComesBack'],
      ['Without the key it cannot be read.', 'No word of a note is stored.', 'noWordIsStored'],
    ],
    sources: [NOTES],
    code: {
      [NOTES]: JAVA_NOTES,
      [javaTestPath('NotesTest')]: javaNotes(
        'NotesTest',
        'aNoteComesBack',
        'assertEquals("at the door", Notes.open(Notes.close("at the door", new byte[16]), new byte[16]))',
      ),
    },
    testNames: ['aNoteComesBack'],
    tests: {
      [javaTestPath('NotesAuditTest')]: javaNotes(
        'NotesAuditTest',
        'noWordIsStored',
        'assertEquals(false, Notes.close("at the door", new byte[16]).contains("door"));\n        assertEquals(24, Notes.close("at the door", new byte[16]).length())',
      ),
    },
  }),
];
