/**
 * All shapes, in the order of the table.
 */
import type { Shape } from './shape';
import { BASES } from './shapes/bases';
import { GIT_SHAPES } from './shapes/git';
import { GO_SHAPES } from './shapes/go';
import { JEST_SHAPES } from './shapes/jest';
import { JVM_SHAPES } from './shapes/jvm';
import { LAYOUTS } from './shapes/layouts';
import { NATIVE_SHAPES } from './shapes/native';
import { NODE_PACKAGES } from './shapes/node-packages';
import { NODE_RUNNERS } from './shapes/node-runners';
import { PYTHON_SHAPES } from './shapes/python';
import { PYTHON_TOOLS } from './shapes/python-tools';
import { RUST_SHAPES } from './shapes/rust';
import { VITEST_SHAPES } from './shapes/vitest';

export const SHAPES: readonly Shape[] = [
  ...NODE_PACKAGES,
  ...JEST_SHAPES,
  ...VITEST_SHAPES,
  ...NODE_RUNNERS,
  ...PYTHON_SHAPES,
  ...PYTHON_TOOLS,
  ...GO_SHAPES,
  ...RUST_SHAPES,
  ...JVM_SHAPES,
  ...NATIVE_SHAPES,
  ...LAYOUTS,
  ...GIT_SHAPES,
  ...BASES,
];
