# One image for every app; the compose file and Kubernetes choose by command.
FROM node:24-bookworm-slim AS manifest
WORKDIR /app
COPY package.json package-lock.json .npmrc ./

FROM manifest AS build
RUN npm ci --no-audit --no-fund --ignore-scripts
COPY . .
RUN npm run build

FROM manifest AS dependencies
RUN npm ci --no-audit --no-fund --ignore-scripts --omit=dev

FROM node:24-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json ./
COPY proto proto
COPY config config
COPY docs/api docs/api
USER node
CMD ["node", "--enable-source-maps", "dist/apps/gateway/src/main.js"]
