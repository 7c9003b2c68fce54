/**
 * Names on npm that a look-alike would want to be taken for. Written down by hand; a name that is missing is only not protected.
 */
export const POPULAR_NPM: ReadonlySet<string> = new Set(
  `
@ai-sdk/anthropic @ai-sdk/openai @angular/cli @angular/common @angular/compiler @angular/core @angular/forms
@angular/router @anthropic-ai/sdk @apollo/client @apollo/server @aws-sdk/client-dynamodb @aws-sdk/client-s3
@aws-sdk/client-sqs @azure/identity @azure/storage-blob @babel/cli @babel/core @babel/parser @babel/preset-env
@babel/preset-react @babel/preset-typescript @babel/runtime @chakra-ui/react @commitlint/cli @emotion/react
@emotion/styled @eslint/js @faker-js/faker @google-cloud/pubsub @google-cloud/storage @grpc/grpc-js @hapi/hapi
@ionic/core @jest/globals @langchain/core @modelcontextprotocol/sdk @mui/icons-material @mui/material
@nestjs/common @nestjs/core @nestjs/swagger @nestjs/testing @octokit/core @octokit/rest @opentelemetry/api
@opentelemetry/sdk-node @openzeppelin/contracts @playwright/test @prisma/client @pulumi/pulumi @reduxjs/toolkit
@sendgrid/mail @sentry/node @sentry/react @storybook/react @stripe/stripe-js @swc/core @swc/jest
@tanstack/react-query @tanstack/react-table @temporalio/client @temporalio/worker @temporalio/workflow
@testing-library/dom @testing-library/jest-dom @testing-library/react @testing-library/user-event @types/cors
@types/express @types/jest @types/jsonwebtoken @types/lodash @types/mocha @types/node @types/react
@types/react-dom @types/uuid @types/ws @typescript-eslint/eslint-plugin @typescript-eslint/parser
@vitejs/plugin-react accepts acorn adm-zip agenda agent-base ai ajv alpinejs amqplib angular ansi-regex
ansi-styles antd apollo-server apollo-server-express archiver argon2 async autoprefixer ava aws-cdk aws-cdk-lib
aws-sdk axios babel-jest babel-loader balanced-match bcrypt bcryptjs better-sqlite3 big.js bignumber.js bluebird
bn.js body-parser bootstrap boxen brace-expansion browserslist bull bullmq bunyan bytes c8 camelcase canvas chai
chalk change-case chart.js cheerio chokidar class-transformer class-validator classnames cli-table3 clsx coa
color-convert color-name colors colors.js commander commitlint compression concat-stream concurrently config
connect constructs content-type convict cookie-parser cookie-session cordova core-js cors cron cross-env
cross-fetch cross-spawn crypto-js css-loader csv-parse csv-parser csv-stringify cuid cypress d3 date-fns dayjs
dd-trace debug decimal.js deep-equal deepmerge depd discord.js dompurify dotenv dotenv-expand drizzle-orm echarts
ejs electron electron-builder emoji-regex enquirer entities esbuild escape-string-regexp escodegen eslint
eslint-config-prettier eslint-plugin-import eslint-plugin-prettier eslint-plugin-react eslint-plugin-react-hooks
esprima estraverse etag ethers event-stream eventemitter3 events exceljs execa expo express express-rate-limit
express-session express-validator extend faker fast-check fast-deep-equal fast-glob fast-xml-parser fastify figlet
file-loader finalhandler firebase firebase-admin follow-redirects forever form-data framer-motion fresh fs-extra
glob globals globby google-protobuf googleapis got graceful-fs graphql graphql-tag graphql-yoga handlebars
handlebars-loader hapi happy-dom hardhat has-flag he helmet highlight.js html-webpack-plugin http-errors
http-proxy http-proxy-middleware https-proxy-agent husky i18next iconv-lite immer immutable inflight inherits ini
inquirer intl-messageformat ionic ioredis is-number is-plain-object isomorphic-fetch isomorphic-git istanbul
jasmine jest jest-environment-jsdom jimp joi jose jquery js-yaml jsdom json5 jsonwebtoken jszip kafkajs karma keyv
kind-of kleur knex knip koa ky langchain leaflet left-pad less level lint-staged lit lodash lodash-es
lodash.debounce lodash.get lodash.merge log4js loglevel long lru-cache lucide-react luxon magic-string mapbox-gl
markdown-it marked mathjs memcached meow micromatch mime mime-types mini-css-extract-plugin minimatch minimist
mitt mkdirp mocha moment moment-timezone mongodb mongoose morgan mqtt ms msw multer mustache mysql mysql2 nanoid
negotiator newrelic next nock node-cache node-cron node-fetch node-ipc node-schedule nodemailer nodemon
npm-run-all nunjucks nuxt nyc object-assign objection octokit on-finished once openai openapi-types opentelemetry
ora p-limit p-queue p-retry papaparse parcel passport passport-jwt passport-local path-to-regexp pdf-lib
pdfjs-dist pdfkit pg pg-promise picocolors pinia pino pino-http pino-pretty pixi.js playwright playwright-core
pluralize pm2 postcss preact prettier prisma prismjs progress prom-client prompts protobufjs proxy-addr pug pulumi
pump puppeteer puppeteer-core qrcode qs query-string ramda rc react react-dom react-helmet react-hook-form
react-i18next react-icons react-intl react-is react-native react-query react-redux react-router react-router-dom
react-scripts react-select react-test-renderer readable-stream recharts redis redux redux-saga redux-thunk
reflect-metadata regenerator-runtime rehype remark remark-gfm request resolve restify rimraf rollup rxjs
safe-buffer sanitize-html sass selenium-webdriver semantic-release semver send sequelize serve-static serverless
sharp shelljs simple-git sinon slugify socket.io socket.io-client socketio sockjs solc solid-js source-map
source-map-support sqlite3 standard statuses storybook string-width string_decoder strip-ansi stripe style-loader
styled-components stylelint superagent superstruct supertest supports-color svelte swagger-jsdoc
swagger-ui-express tailwindcss tape tar telegraf terser three through2 tiktoken toml tough-cookie truffle ts-jest
ts-loader ts-node tslib tsup tsx twilio type-is typeorm typescript typescript-eslint ua-parser-js uglify-js ulid
underscore undici unified unzipper util-deprecate uuid validator vary vite vitest vue vue-router vuex web3
webdriverio webidl-conversions webpack webpack-cli webpack-dev-server whatwg-url which winston wrap-ansi wrappy ws
xlsx xml2js yaml yargs yauzl yup zod zone.js
`
    .trim()
    .split(/\s+/),
);
