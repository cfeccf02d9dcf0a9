FROM node:26-trixie-slim AS build

WORKDIR /app
COPY package.json package-lock.json tsconfig.json ./
COPY tools/node-runtime tools/node-runtime
COPY tools/bundle.js tools/bundle.js
COPY bin bin
COPY client client
COPY web web
COPY src src
RUN npm ci --no-audit --no-fund

FROM node:26-trixie-slim

ENV NODE_ENV=production MALLOC_ARENA_MAX=1 MALLOC_MMAP_THRESHOLD_=131072 HOST=0.0.0.0 PORT=3000 DATABASE_URL=sqlite:/data/docket.db
WORKDIR /app

COPY package.json package-lock.json ./
COPY tools/node-runtime tools/node-runtime
COPY client/package.json client/package.json
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund && npm cache clean --force

COPY LICENSE ./
COPY bin bin
COPY src src
COPY client/src client/src
COPY --from=build /app/web/dist web/dist
COPY --from=build /app/dist dist
RUN install --directory --owner=node --group=node --mode=0700 /data

USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then((response) => process.exit(response.ok ? 0 : 1), () => process.exit(1))"]

# Not npm, so that the server itself gets the signal that stops it.
CMD ["node", "--max-semi-space-size=8", "bin/docket.js", "serve"]
