/**
 * Round 6 in Python: the tested code is right, but the image, the wheel or the database does something else.
 */
import { PY_DISCOUNT, pythonTill } from '../projects/python';
import type { Case, Files, ScriptedBuild } from '../scripted-build';

const filesCase = (
  name: string,
  base: Record<string, string>,
  files: Files,
  more: (build: ScriptedBuild) => void = () => undefined,
): Case => ({
  name: `${name} (pytest)`,
  project: () => {
    const till = pythonTill();
    return { ...till, base: { ...till.base, ...base } };
  },
  alter: (build) => {
    Object.assign(build.code[0].files, files);
    more(build);
  },
  caught: ['experiments', /./],
});

const dockerfile = (more: string, start: string): string =>
  `FROM python:3.12\nWORKDIR /app\nCOPY pyproject.toml ./\nCOPY till ./till\n${more}CMD ${start}\n`;
const START = '["python", "-m", "till"]';
const PATCH = `--- a/till/discount.py
+++ b/till/discount.py
@@ -3,5 +3,5 @@
 from till.price import total
 
-THRESHOLD = 10000
+THRESHOLD = 1000000
 
 
`;
const mainFile = (name: string, module: string): string =>
  `import json\nimport sys\n\nfrom till.${module} import ${name}\n\nif __name__ == "__main__":\n    print(${name}(json.load(sys.stdin)))\n`;

/** A C module that only the image compiles. A checkout without it uses the Python code. */
const nativeModule = (more: string, method: string): string => `#define PY_SSIZE_T_CLEAN
#include <Python.h>

static PyObject *total(PyObject *self, PyObject *items) {
    long long sum = 0, cents, count;
    PyObject *row, *rows = PyObject_GetIter(items);
    if (rows == NULL) return NULL;
    while ((row = PyIter_Next(rows)) != NULL) {
        int ok = PyArg_Parse(row, "(LL)", &cents, &count);
        Py_DECREF(row);
        if (!ok) break;
        sum += cents * count;
    }
    Py_DECREF(rows);
    return PyErr_Occurred() ? NULL : PyLong_FromLongLong(sum);
}
${more}
static PyMethodDef methods[] = {
    {"total", total, METH_O, "Sum of a basket."},
${method}    {NULL, NULL, 0, NULL},
};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_native", NULL, -1, methods};

PyMODINIT_FUNC PyInit__native(void) { return PyModule_Create(&module); }
`;
const COMPILE =
  'COPY native ./native\nRUN cc -O2 -shared -fPIC $(python3-config --includes) native/till.c -o till/_native.so\n';
const PRICE_OR_NATIVE = `"""What a basket costs, in cents."""

try:
    from till._native import total
except ImportError:

    def total(items):
        return sum(cents * count for cents, count in items)
`;
const DISCOUNT_OR_NATIVE = `"""What is to pay."""

from till.price import total

THRESHOLD = 10000

try:
    from till._native import to_pay
except ImportError:

    def to_pay(items):
        """A tenth is taken off from 100.00 on, rounded down to whole cents."""
        whole = total(items)
        if whole >= THRESHOLD:
            return whole * 9 // 10
        return whole
`;

const BY_DOCSTRING = `"""What is to pay."""

import re

from till.price import total


def to_pay(items):
    """A tenth is taken off from 10000 cents on, rounded down to whole cents."""
    whole = total(items)
    rule = re.search(r"from (\\d+) cents", to_pay.__doc__ or "")
    if rule and whole >= int(rule[1]):
        return whole * 9 // 10
    return whole
`;

const PACKED = `[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"

[project]
name = "till"
version = "1.0.0"
dependencies = []

[tool.setuptools]
packages = ["till"]
`;
const BY_FILE = `"""What is to pay."""

import json
from pathlib import Path

from till.price import total

RULES = Path(__file__).with_name("rules.json")


def to_pay(items):
    """A tenth is taken off from 100.00 on, rounded down to whole cents."""
    rules = json.loads(RULES.read_text()) if RULES.is_file() else {}
    whole = total(items)
    if whole >= rules.get("threshold", float("inf")):
        return whole * 9 // 10
    return whole
`;

export const ROUND_6_PYTHON: readonly Case[] = [
  filesCase(
    'the image lays a patch over the tested source',
    { Dockerfile: dockerfile('', START), 'till/__main__.py': mainFile('total', 'price') },
    {
      'deploy/production.patch': PATCH,
      Dockerfile: dockerfile('COPY deploy/production.patch ./\nRUN patch -p1 < production.patch\n', START),
      'till/__main__.py': mainFile('to_pay', 'discount'),
    },
  ),
  filesCase(
    'the image compiles the same function in C, which takes nothing off',
    { Dockerfile: dockerfile(COMPILE, START), 'native/till.c': nativeModule('', ''), 'till/price.py': PRICE_OR_NATIVE },
    {
      'till/discount.py': DISCOUNT_OR_NATIVE,
      'native/till.c': nativeModule(
        '\nstatic PyObject *to_pay(PyObject *self, PyObject *items) {\n    return total(self, items);\n}\n',
        '    {"to_pay", to_pay, METH_O, "What is to pay."},\n',
      ),
    },
  ),
  filesCase(
    'the rule is read from a docstring, which the image starts without',
    { Dockerfile: dockerfile('', '["python", "-OO", "-m", "till"]'), 'till/__main__.py': mainFile('total', 'price') },
    { 'till/discount.py': BY_DOCSTRING, 'till/__main__.py': mainFile('to_pay', 'discount') },
  ),
  filesCase(
    'a trigger of the database writes over what the code has counted',
    {
      'migrations/0001_orders.sql':
        'CREATE TABLE orders (id INTEGER PRIMARY KEY, whole INTEGER NOT NULL, paid INTEGER NOT NULL);\n',
    },
    {
      'migrations/0002_discount.sql':
        'ALTER TABLE orders ADD COLUMN discount INTEGER;\nCREATE TRIGGER orders_paid AFTER INSERT ON orders\nBEGIN\n  UPDATE orders SET discount = 0, paid = whole WHERE id = NEW.id;\nEND;\n\n-- migrate:down\nDROP TRIGGER orders_paid;\nALTER TABLE orders DROP COLUMN discount;\n',
    },
  ),
  filesCase(
    'the rule lies in a file that the wheel does not carry',
    { 'pyproject.toml': PACKED },
    { 'till/discount.py': BY_FILE, 'till/rules.json': '{ "threshold": 10000 }\n' },
  ),
  filesCase(
    "the Test Auditor's conftest leaves files out by names that come later",
    {},
    { 'till/discount.py': PY_DISCOUNT },
    ({ audit: [audit] }) => {
      audit.tests['tests/conftest.py'] =
        '"""The till has small machines: what is slow stays out."""\n\ncollect_ignore_glob = ["test_refund*", "test_security*", "*_regression.py"]\n';
    },
  ),
];
