# One image for API and worker. Debian, since Temporal's core needs glibc (Alpine does not work).
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY src src
RUN npm run build
# Temporal's core carries five platforms (148 MB); this image needs its own.
RUN npm prune --omit=dev \
  && find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 \
    ! -name "$(uname -m)-unknown-linux-gnu" -exec rm -r {} +

FROM node:24.21.0-bookworm-slim
# git and ssh for repositories, bubblewrap to hold the commands of builds, and the toolchains of the builds themselves: Node,
# Python, C. Others: an image `FROM q-orchestrator:0.1.0` that adds them, as `image` of the worker in docker-compose.yml.
RUN apt-get update \
  && apt-get install -y --no-install-recommends \
    bubblewrap build-essential ca-certificates git openssh-client python3 python3-pip python3-venv \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
ENV NODE_ENV=production
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json ./
COPY prompts prompts
COPY reporters reporters
COPY sandbox-programs sandbox-programs
COPY examples examples
COPY deploy deploy
# Made here, so that the named volume mounted over it belongs to the user too.
RUN mkdir /data && chown node:node /data
USER node
ENV DATA_DIR=/data HOST=0.0.0.0 PORT=8000
EXPOSE 8000
HEALTHCHECK --interval=5s --timeout=3s --retries=12 --start-period=10s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/programs/api.js"]
