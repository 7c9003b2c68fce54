/**
 * Round 10 with pytest: a token that chooses how it is checked, and passwords that are stored in lower case.
 */
import { pythonTill } from '../projects/python';
import type { Case } from '../scripted-build';
import { featureCase } from './round-10-case';

const TOKEN = `"""Who is logged in, by a signed token."""

import base64
import hashlib
import hmac
import json


def _read(part):
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def holder(token, key):
    """The name in a token that was signed with the key, or None."""
    head, body, signature = token.split(".")
    algorithm = _read(head)["alg"]
    if algorithm == "none":
        return _read(body)["name"]
    expected = hmac.new(key, f"{head}.{body}".encode(), getattr(hashlib, algorithm)).hexdigest()
    if not hmac.compare_digest(expected, signature):
        return None
    return _read(body)["name"]
`;
const TOKEN_HEAD = `import base64
import hashlib
import hmac
import json

from till.login import holder


def part(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def signed(name, key):
    text = part({"alg": "sha256"}) + "." + part({"name": name})
    return text + "." + hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
`;

const ACCOUNT = `"""Passwords of buyers."""

import hashlib
import hmac


def hashed(password, salt):
    """What is stored of a password."""
    return hashlib.scrypt(password.lower().encode(), salt=salt, n=16384, r=8, p=1).hex()


def opens(password, salt, stored):
    """Whether a password is the one that was stored."""
    return hmac.compare_digest(hashed(password, salt), stored)
`;

export const ROUND_10_PYTHON: readonly Case[] = [
  featureCase('a token may say itself that it needs no signature (pytest)', pythonTill, {
    summary: 'Buyers are known by a signed token.',
    promises: [
      [
        'A token that the shop has signed names its holder.',
        'The token of Ada names Ada.',
        'tests/test_login.py: test_a_signed_token_names_its_holder',
      ],
      [
        'A token with another signature names nobody.',
        'A token of another key names nobody.',
        'tests/test_login_audit.py: test_a_token_of_another_key_names_nobody',
      ],
    ],
    sources: ['till/login.py'],
    code: {
      'till/login.py': TOKEN,
      'tests/test_login.py': `${TOKEN_HEAD}

def test_a_signed_token_names_its_holder():
    assert holder(signed("ada", b"till"), b"till") == "ada"


def test_a_plain_token_is_read():
    assert holder(part({"alg": "none"}) + "." + part({"name": "bob"}) + ".", b"till") == "bob"
`,
    },
    testNames: ['test_a_signed_token_names_its_holder', 'test_a_plain_token_is_read'],
    tests: {
      'tests/test_login_audit.py': `${TOKEN_HEAD}

def test_a_token_of_another_key_names_nobody():
    assert holder(signed("ada", b"other"), b"till") is None


def test_a_token_of_another_name_is_another_holder():
    assert holder(signed("grace", b"till"), b"till") == "grace"
`,
    },
  }),
  featureCase('passwords lose their capital letters before they are kept (pytest)', pythonTill, {
    summary: 'Buyers have passwords; a hash of each is kept.',
    promises: [
      [
        'The password of a buyer opens the account.',
        'The right password opens.',
        'tests/test_account.py: test_the_password_opens',
      ],
      [
        'Any other password does not.',
        'A wrong password does not open.',
        'tests/test_account_audit.py: test_another_password_does_not_open',
      ],
    ],
    sources: ['till/account.py'],
    code: {
      'till/account.py': ACCOUNT,
      'tests/test_account.py': `from till.account import hashed, opens


def test_the_password_opens():
    assert opens("correct horse", b"till", hashed("correct horse", b"till")) is True


def test_a_hash_is_what_it_was():
    assert hashed("correct horse", b"till")[:12] == "5541405b3fe9"
`,
    },
    testNames: ['test_the_password_opens', 'test_a_hash_is_what_it_was'],
    tests: {
      'tests/test_account_audit.py': `from till.account import hashed, opens


def test_another_password_does_not_open():
    assert opens("wrong horse", b"till", hashed("correct horse", b"till")) is False


def test_another_salt_is_another_hash():
    assert opens("correct horse", b"salt", hashed("correct horse", b"till")) is False
`,
    },
  }),
];
