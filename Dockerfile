# The service in a container. docs/self-hosting.md, "Docker", describes how to run it.
ARG NODE_VERSION=24.21.0

FROM node:${NODE_VERSION}-trixie-slim AS build
WORKDIR /opt/boursomatic
COPY package.json package-lock.json .npmrc ./
COPY patches patches
COPY clients/typescript/package.json clients/typescript/
COPY local/openapi-types/package.json local/openapi-types/
RUN npm ci
COPY . .
RUN npm run build:web
# The image has its own Node, and needs no tools of development and no libraries for other machines.
RUN npm prune --omit=dev && rm -r node_modules/node && \
    find node_modules/onnxruntime-node/bin/napi-v* -mindepth 2 -maxdepth 2 ! -path "*/linux/$(node -p process.arch)" \
      -exec rm -r {} +

FROM node:${NODE_VERSION}-trixie-slim
WORKDIR /opt/boursomatic
COPY --from=build /opt/boursomatic .
RUN install --directory --owner=1000 --group=1000 --mode=700 /data
ENV BOURSOMATIC_DATA_DIR=/data BOURSOMATIC_HOST=0.0.0.0
VOLUME /data
EXPOSE 8787
USER 1000
HEALTHCHECK --start-period=5m CMD ["node", "hosting/health-check.ts"]
# Node receives the signals itself: npm would not pass them on in time.
ENTRYPOINT ["node", "local/commands/start.ts"]
