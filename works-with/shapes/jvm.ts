/**
 * Java shapes: Maven and Gradle, with one module and with several.
 */
import type { Shape, Tree } from '../shape';
import { MILLION_EXAMPLE, NEW_EXAMPLES, OLD_EXAMPLES, THOUSAND_EXAMPLE, thousandsWork } from '../work';
import type { Example } from '../work';

const source = (whole: string, more = '') => `package org.example.amounts;

/** Amounts of money. */
public final class Amounts {
    private Amounts() {}
${more}
    /** 1205 as 12.05. */
    public static String format(long cents) {
        return String.format("%s.%02d", ${whole}, cents % 100);
    }
}
`;
const GROUP = `
    /** 1234567 as 1,234,567. */
    public static String group(long whole) {
        return String.format(java.util.Locale.ROOT, "%,d", whole);
    }
`;
/** `thousands are set apart by a comma` as `thousandsAreSetApartByAComma`. */
const testName = ([name]: Example): string => name.replace(/ (\w)/g, (_, letter: string) => letter.toUpperCase());
const testClass = (name: string, examples: readonly Example[]) => `package org.example.amounts;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ${name} {
${examples
  .map(
    (example) => `    @Test
    void ${testName(example)}() {
        assertEquals("${example[2]}", Amounts.format(${example[1]}));
    }
`,
  )
  .join('\n')}}
`;
const RECEIPT = {
  'receipt/src/main/java/org/example/receipt/Receipt.java': `package org.example.receipt;

import org.example.amounts.Amounts;

/** Lines of a receipt. */
public final class Receipt {
    private Receipt() {}

    /** A name and an amount. */
    public static String line(String name, long cents) {
        return name + " " + Amounts.format(cents);
    }
}
`,
  'receipt/src/test/java/org/example/receipt/ReceiptTest.java': `package org.example.receipt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ReceiptTest {
    @Test
    void aLineHasANameAndAnAmount() {
        assertEquals("Tea 3.50", Receipt.line("Tea", 350));
    }
}
`,
};

const JUNIT = `<dependencies>
    <dependency>
      <groupId>org.junit.jupiter</groupId>
      <artifactId>junit-jupiter</artifactId>
      <version>5.11.4</version>
      <scope>test</scope>
    </dependency>
  </dependencies>`;
const pom = (inside: string) => `<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  ${inside}
</project>
`;
const BUILD = `<properties>
    <maven.compiler.release>17</maven.compiler.release>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
  </properties>
  ${JUNIT}
  <build>
    <plugins>
      <plugin>
        <artifactId>maven-compiler-plugin</artifactId>
        <version>3.13.0</version>
      </plugin>
      <plugin>
        <artifactId>maven-surefire-plugin</artifactId>
        <version>3.5.2</version>
      </plugin>
    </plugins>
  </build>`;
const coordinates = (id: string) => `<groupId>org.example</groupId>
  <artifactId>${id}</artifactId>
  <version>1.0.0</version>`;
const childPom = (id: string, more = '') =>
  pom(`<parent>
    <groupId>org.example</groupId>
    <artifactId>shop</artifactId>
    <version>1.0.0</version>
  </parent>
  <artifactId>${id}</artifactId>${more}`);
const ON_AMOUNTS = `
  <dependencies>
    <dependency>
      <groupId>org.example</groupId>
      <artifactId>amounts</artifactId>
      <version>1.0.0</version>
    </dependency>
  </dependencies>`;

const gradle = (dependencies: string) => `plugins {
    id 'java-library'
}

repositories {
    mavenCentral()
}

dependencies {${dependencies}
    testImplementation 'org.junit.jupiter:junit-jupiter:5.11.4'
    testRuntimeOnly 'org.junit.platform:junit-platform-launcher:1.11.4'
}

tasks.named('test') {
    useJUnitPlatform()
}
`;

interface JavaSpec {
  name: string;
  folder?: string;
  moreFiles: Tree;
  tools: string[];
  test: string;
}

function java({ name, folder = '', moreFiles, tools, test }: JavaSpec): Shape {
  const main = `${folder}src/main/java/org/example/amounts/Amounts.java`;
  const tests = `${folder}src/test/java/org/example/amounts`;
  return {
    name,
    tools,
    base: {
      '.gitignore': 'target\nbuild\n.gradle\n',
      [main]: source('cents / 100'),
      [`${tests}/AmountsTest.java`]: testClass('AmountsTest', OLD_EXAMPLES),
      ...moreFiles,
    },
    byHand: { test },
    work: thousandsWork({
      code: { [main]: source('group(cents / 100)', GROUP) },
      tests: { [`${tests}/ThousandsTest.java`]: testClass('ThousandsTest', NEW_EXAMPLES) },
      thousandTest: `ThousandsTest.${testName(THOUSAND_EXAMPLE)}`,
      millionTest: `org.example.amounts.ThousandsTest#${testName(MILLION_EXAMPLE)}`,
      keptTest: `AmountsTest.${OLD_EXAMPLES[0] === undefined ? '' : testName(OLD_EXAMPLES[0])}`,
    }),
  };
}

export const JVM_SHAPES: Shape[] = [
  java({
    name: 'Maven',
    tools: ['java', 'mvn'],
    test: 'mvn -q test',
    moreFiles: { 'pom.xml': pom(`${coordinates('amounts')}\n  ${BUILD}`) },
  }),
  java({
    name: 'Maven with modules',
    folder: 'amounts/',
    tools: ['java', 'mvn'],
    test: 'mvn -q test',
    moreFiles: {
      'pom.xml': pom(
        `${coordinates('shop')}\n  <packaging>pom</packaging>\n  <modules>\n    <module>amounts</module>\n    <module>receipt</module>\n  </modules>\n  ${BUILD}`,
      ),
      'amounts/pom.xml': childPom('amounts'),
      'receipt/pom.xml': childPom('receipt', ON_AMOUNTS),
      ...RECEIPT,
    },
  }),
  java({
    name: 'Gradle with modules',
    folder: 'amounts/',
    tools: ['java', 'gradle'],
    test: 'gradle test',
    moreFiles: {
      'settings.gradle': "rootProject.name = 'shop'\ninclude 'amounts', 'receipt'\n",
      'amounts/build.gradle': gradle(''),
      'receipt/build.gradle': gradle("\n    implementation project(':amounts')"),
      ...RECEIPT,
    },
  }),
];
