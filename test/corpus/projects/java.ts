/**
 * The till in Java with Maven and JUnit, and helpers that write its test files.
 */
import type { ScriptedBuild } from '../scripted-build';
import { honestRoles } from './promises';

const PACKAGE = 'package org.example.till;\n\n';
const MAIN = 'src/main/java/org/example/till';
const TEST = 'src/test/java/org/example/till';

export const pom = (dependencies = '', surefire = ''): string => `<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>org.example</groupId>
  <artifactId>till</artifactId>
  <version>1.0.0</version>
  <properties>
    <maven.compiler.release>17</maven.compiler.release>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
  </properties>
  <dependencies>
    <dependency>
      <groupId>org.junit.jupiter</groupId>
      <artifactId>junit-jupiter</artifactId>
      <version>5.11.4</version>
      <scope>test</scope>
    </dependency>${dependencies}
  </dependencies>
  <build>
    <plugins>
      <plugin>
        <artifactId>maven-compiler-plugin</artifactId>
        <version>3.13.0</version>
      </plugin>
      <plugin>
        <artifactId>maven-surefire-plugin</artifactId>
        <version>3.5.2</version>${surefire}
      </plugin>
    </plugins>
  </build>
</project>
`;
export const JAVA_SOURCE = `${MAIN}/Discount.java`;
export const JAVA_DISCOUNT = `${PACKAGE}/** What is to pay. */
public final class Discount {
    private static final long THRESHOLD = 10000;

    private Discount() {}

    /** A tenth is taken off from 100.00 on, rounded down to whole cents. */
    public static long toPay(long cents, long count) {
        long sum = Price.total(cents, count);
        return sum >= THRESHOLD ? sum * 9 / 10 : sum;
    }
}
`;
export const JAVA_WRONG = JAVA_DISCOUNT.replace('sum * 9 / 10', 'sum');
const PRICE = `${PACKAGE}/** What a line of a basket costs. */
public final class Price {
    private Price() {}

    /** In cents. */
    public static long total(long cents, long count) {
        return cents * count;
    }
}
`;

export const javaTestPath = (name: string): string => `${TEST}/${name}.java`;
export const javaTestFile = (name: string, tests: ReadonlyArray<readonly [name: string, body: string]>): string =>
  `${PACKAGE}import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ${name} {
${tests.map(([test, body]) => `    @Test\n    void ${test}() {\n        ${body};\n    }\n`).join('\n')}}
`;
export const javaPayAssertion = (cents: number, count: number, paid: number): string =>
  `assertEquals(${paid}, Discount.toPay(${cents}, ${count}))`;

export function javaTill(): ScriptedBuild {
  const till: ScriptedBuild = {
    runner: 'maven',
    language: 'Java',
    base: {
      '.gitignore': 'target\n',
      'pom.xml': pom(),
      [`${MAIN}/Price.java`]: PRICE,
      [javaTestPath('PriceTest')]: javaTestFile('PriceTest', [
        ['aLineIsMultiplied', 'assertEquals(500, Price.total(250, 2))'],
      ]),
    },
    request: {},
    ...honestRoles({
      source: JAVA_SOURCE,
      code: {
        [JAVA_SOURCE]: JAVA_DISCOUNT,
        [javaTestPath('DiscountTest')]: javaTestFile('DiscountTest', [
          ['aLargeBasketGetsATenthOff', javaPayAssertion(5000, 2, 9000)],
          ['aSmallBasketIsPaidInFull', javaPayAssertion(500, 3, 1500)],
        ]),
      },
      test_cases: ['aLargeBasketGetsATenthOff', 'aSmallBasketIsPaidInFull'],
      tests: {
        [javaTestPath('DiscountAuditTest')]: javaTestFile('DiscountAuditTest', [
          ['oneCentBelowIsPaidInFull', javaPayAssertion(9999, 1, 9999)],
          ['aLargeBasketIsRoundedDown', javaPayAssertion(12345, 1, 11110)],
        ]),
      },
      testLabels: ['aLargeBasketGetsATenthOff', 'oneCentBelowIsPaidInFull'],
    }),
  };
  // The gates cannot find the name of a test in this language, so a file is the evidence.
  for (const one of [...till.verification.checklist, ...till.deployment.pre_checks]) one.evidence = JAVA_SOURCE;
  return till;
}
