# The only base. A company's mirror can take its place: --build-arg NODE_IMAGE=…
ARG NODE_IMAGE=node:26.10.0-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /gateway
COPY package.json package-lock.json ./
# A registry of one's own: build with --secret id=npmrc,src=$HOME/.npmrc. It is in no layer.
RUN --mount=type=secret,id=npmrc NPM_CONFIG_USERCONFIG=/run/secrets/npmrc npm ci --ignore-scripts --no-audit --no-fund
COPY rolldown.config.ts LICENSE ./
COPY build build
COPY schema schema
COPY src src
# The checkout is not part of the build, so its commit has to be said.
ARG COMMIT
RUN npm run build
# Made by the user who runs it, at the path where it runs: Node keeps the cache by both.
RUN node --max-semi-space-size=16 --min-semi-space-size=16 build/warm.ts dist 1000

FROM ${NODE_IMAGE}
ARG VERSION
ARG COMMIT
LABEL org.opencontainers.image.title="conference-gateway" \
      org.opencontainers.image.description="GraphQL gateway in front of a conferencing service's REST API" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${COMMIT}"
ENV NODE_ENV=production
WORKDIR /gateway
# Owned by root: the user who runs it can change nothing.
COPY --from=build /gateway/LICENSE ./
COPY --from=build /gateway/dist ./dist
USER 1000:1000
EXPOSE 4000 9464
# The size of V8's young generation (docs/operating.md).
CMD ["node", "--max-semi-space-size=16", "--min-semi-space-size=16", "dist/main.js"]
