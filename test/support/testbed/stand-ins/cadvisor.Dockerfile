FROM swarm-autoscaler-testbed/base
COPY node /usr/local/bin/node
COPY cadvisor.ts /cadvisor.ts
ENTRYPOINT ["node", "/cadvisor.ts"]
