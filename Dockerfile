ARG NODE_IMAGE=node:26.10.0-trixie-slim

FROM ${NODE_IMAGE} AS dependencies
# By this label the test bed finds the images of stages that an older builder leaves behind.
LABEL swarm-autoscaler.stage=dependencies
WORKDIR /app
COPY package.json package-lock.json ./
# Optional packages are for other platforms. Source maps and types are read by no program that runs.
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund \
  && find node_modules -type f -regex '.*\.\(map\|d\.[cm]?ts\)' -delete \
  && find node_modules -type d -empty -delete

# The source of the receiver: without what only backtest and simulate need.
FROM ${NODE_IMAGE} AS source
LABEL swarm-autoscaler.stage=source
WORKDIR /app
COPY src ./src
RUN rm -r src/simulator src/cli/simulator src/prometheus/query-range.ts

FROM ${NODE_IMAGE} AS receiver
LABEL org.opencontainers.image.title="swarm-autoscaler" \
  org.opencontainers.image.description="An Alertmanager webhook receiver that scales Docker Swarm services" \
  org.opencontainers.image.version="1.0.0" \
  org.opencontainers.image.licenses="MIT"
ENV NODE_ENV=production
WORKDIR /app
# No program here may take on another user, whoever runs it: docker stack deploy cannot say no-new-privileges.
# A new volume takes its owner from /data.
RUN find / -xdev -type f -perm /6000 -exec chmod a-s {} + \
  && mkdir /data compiled && chown node:node /data compiled
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json ./
COPY --from=source /app/src ./src
USER node
# Compiled once: a start takes half the CPU time then, and so does each health check. Node takes it for this user only.
ENV NODE_COMPILE_CACHE=/app/compiled
RUN ["node", "/app/src/main.ts", "--help"]
ENV AUTOSCALER_DATA_DIR=/data
EXPOSE 9095
STOPSIGNAL SIGTERM
# A check takes about a tenth of a second of CPU time: at this interval 1 % of a core.
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s --retries=3 CMD ["node", "/app/src/main.ts", "health"]
ENTRYPOINT ["node", "/app/src/main.ts"]
CMD ["serve"]

# docker build --target tools: the same with the simulator, for backtest and simulate.
FROM receiver AS tools
LABEL swarm-autoscaler.stage=tools
COPY src ./src
HEALTHCHECK NONE
CMD ["--help"]

# What is built without --target.
FROM receiver
