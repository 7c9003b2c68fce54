/**
 * The till in Rust, tested with `cargo test`, and helpers that write its test files.
 */
import type { ScriptedBuild } from '../scripted-build';
import { honestRoles } from './promises';

const PRICE = `//! Adds up baskets.

pub mod price {
    /// Sum of a basket of cents and counts.
    pub fn total(items: &[(u64, u64)]) -> u64 {
        items.iter().map(|(cents, count)| cents * count).sum()
    }
}
`;
const LIB = `${PRICE}
pub mod discount;
`;
export const RUST_DISCOUNT = `use crate::price::total;

const THRESHOLD: u64 = 10000;

/// A tenth is taken off from 100.00 on, rounded down to whole cents.
pub fn to_pay(items: &[(u64, u64)]) -> u64 {
    let sum = total(items);
    if sum >= THRESHOLD {
        return sum * 9 / 10;
    }
    sum
}
`;
export const RUST_WRONG = RUST_DISCOUNT.replace('sum * 9 / 10', 'sum');

type RustTest = readonly [name: string, body: string];
export const rustTestFile = (tests: readonly RustTest[], use = 'discount::to_pay'): string =>
  `use till::${use};\n\n${tests.map(([name, body]) => `#[test]\nfn ${name}() {\n    ${body};\n}\n`).join('\n')}`;
export const rustPayAssertion = (cents: number, count: number, paid: number): string =>
  `assert_eq!(to_pay(&[(${cents}, ${count})]), ${paid})`;

export function rustTill(): ScriptedBuild {
  const till: ScriptedBuild = {
    runner: 'cargo test',
    language: 'Rust',
    base: {
      '.gitignore': 'target\n',
      'Cargo.toml': '[package]\nname = "till"\nversion = "1.0.0"\nedition = "2021"\n',
      'Cargo.lock': 'version = 3\n\n[[package]]\nname = "till"\nversion = "1.0.0"\n',
      'src/lib.rs': PRICE,
      'tests/price.rs': rustTestFile(
        [['a_basket_is_added_up', 'assert_eq!(total(&[(250, 2), (99, 1)]), 599)']],
        'price::total',
      ),
    },
    request: {},
    ...honestRoles({
      source: 'src/discount.rs',
      code: {
        'src/lib.rs': LIB,
        'src/discount.rs': RUST_DISCOUNT,
        'tests/discount.rs': rustTestFile([
          ['a_large_basket_gets_a_tenth_off', rustPayAssertion(5000, 2, 9000)],
          ['a_small_basket_is_paid_in_full', rustPayAssertion(500, 3, 1500)],
        ]),
      },
      test_cases: ['a_large_basket_gets_a_tenth_off', 'a_small_basket_is_paid_in_full'],
      tests: {
        'tests/discount_audit.rs': rustTestFile([
          ['one_cent_below_is_paid_in_full', rustPayAssertion(9999, 1, 9999)],
          ['a_large_basket_is_rounded_down', rustPayAssertion(12345, 1, 11110)],
        ]),
      },
      testLabels: ['a_large_basket_gets_a_tenth_off', 'one_cent_below_is_paid_in_full'],
    }),
  };
  // The gates cannot find the name of a test in this language, so a file is the evidence.
  for (const one of [...till.verification.checklist, ...till.deployment.pre_checks]) one.evidence = 'src/discount.rs';
  return till;
}
