# Caselite on one machine: docker build -t caselite . (see docs/self-hosting.md)
FROM node:24-slim AS build
WORKDIR /caselite
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-fund --no-audit
COPY . .
RUN node src/cli/prebuild.ts

FROM node:24-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/* \
  && useradd --system --uid 10001 caselite && install -d -o caselite /data
COPY --from=build /caselite /caselite
WORKDIR /caselite
USER caselite
VOLUME /data
EXPOSE 8787
HEALTHCHECK --interval=30s --timeout=5s CMD ["node", "-e", "fetch('http://127.0.0.1:8787/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "src/cli/caselite.ts", "start", "--no-emulators", "--host", "0.0.0.0", "--port", "8787", "--data", "/data", "--workspace"]
CMD ["/workspace/workspace.yaml"]
