FROM swarm-autoscaler-testbed/base
COPY socket-proxy healthcheck /
WORKDIR /
USER 65534:65534
ENTRYPOINT ["/socket-proxy"]
