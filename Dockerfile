# One image for every app; the compose file and Kubernetes choose by command.
FROM node:24-bookworm-slim AS manifest
WORKDIR /app
COPY package.json package-lock.json .npmrc ./

FROM manifest AS build
RUN npm ci --no-audit --no-fund --ignore-scripts
COPY . .
RUN npm run build

FROM manifest AS dependencies
COPY tools/build/prune-modules.js ./
RUN npm ci --no-audit --no-fund --ignore-scripts --omit=dev && node prune-modules.js node_modules

# Node alone, without npm and what compilers of native packages need. The user has the number of Node's own image, by which
# volumes and pods name it.
FROM debian:bookworm-slim
ENV NODE_ENV=production
RUN groupadd --gid 1000 node && useradd --uid 1000 --gid node --shell /usr/sbin/nologin node
WORKDIR /app
COPY --from=manifest /usr/local/bin/node /usr/local/bin/node
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json ./
COPY proto proto
COPY config config
COPY docs/api docs/api
USER node
CMD ["node", "--enable-source-maps", "dist/apps/gateway/src/main.js"]
