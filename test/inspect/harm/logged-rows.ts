/** Secrets that are written out, each row with similar honest code. */
import type { Row } from './code-rows';

const OUT = /secret or personal data/;

export const LOGGED_ROWS: Row[] = [
  [
    'a password',
    'src/a.js',
    "console.log('login', user.email, password);",
    OUT,
    "console.log('wrong password for', user.email);\nconsole.log(!!password, password.length, password ? 'set' : 'none');",
  ],
  [
    'a password in a template',
    'src/a.ts',
    'logger.info(`sign-in ${email} ${password}`);',
    OUT,
    'logger.info(`sign-in ${email} ${mask(password)}`);',
  ],
  [
    'a card',
    'src/pay.ts',
    "log.debug({ order: order.id, card, cvv: card.cvv }, 'charge');",
    OUT,
    "log.debug({ order: order.id, last4: card.last4 }, 'charge');",
  ],
  [
    'a card of a game',
    'src/pay.ts',
    "import { charge } from './pay';\nlogger.debug('card', card);",
    OUT,
    "console.log('card', card.title);",
  ],
  [
    'headers',
    'src/a.ts',
    'logger.debug(req.headers);',
    OUT,
    "logger.debug(req.headers['content-type']);\nlogger.debug(req.headers.host);",
  ],
  [
    'a body with a password',
    'src/a.ts',
    'const { password } = req.body;\nlogger.info("body", req.body);',
    OUT,
    'logger.info("body", req.body.length);',
  ],
  [
    'Python',
    'a.py',
    'logger.info("user %s token %s", user, access_token)',
    OUT,
    'logger.info("token of %s is old", user)\nlogger.info("%s", redact(access_token))',
  ],
  [
    'an f-string',
    'a.py',
    'print(f"login {user} {password}")',
    OUT,
    'print(f"password of {user} is too short: {len(password)}")',
  ],
  [
    'Go',
    'a.go',
    'package a\nfunc f() { log.Printf("login %s %s", user, password) }',
    OUT,
    'package a\nfunc f() { log.Printf("bad password of %s", user) }',
  ],
  ['Rust', 'src/a.rs', 'info!("key {}", api_key);', OUT, 'info!("key of {}", user);'],
  [
    'Java',
    'src/main/java/A.java',
    'log.info("pay {}", request.getCardNumber());',
    OUT,
    'log.info("card number of {} is wrong", request.getId());',
  ],
  [
    'C#',
    'A.cs',
    '_logger.LogInformation("login {P}", model.Password);',
    OUT,
    '_logger.LogInformation("password of {U} changed", model.Name);',
  ],
  ['PHP', 'a.php', '<?php\nerror_log($password);', OUT, '<?php\nerror_log("wrong password");'],
  [
    'Ruby',
    'lib/a.rb',
    'Rails.logger.info("login #{user} #{password}")',
    OUT,
    'Rails.logger.info("login #{user} #{password.length}")',
  ],
  [
    'a token',
    'src/auth.ts',
    "import jwt from 'jwt';\nconsole.log('token', token);",
    OUT,
    "import { tokenize } from './lexer';\nconsole.log('token', token);",
  ],
  ['telemetry', 'src/a.ts', "analytics.track('paid', { cardNumber });", OUT, "analytics.track('paid', { amount });"],
  [
    'a generator',
    'src/a.ts',
    'logger.info("made", apiKey);',
    OUT,
    'const password = generatePassword(12);\nconsole.log(password);',
  ],
];
