FROM swarm-autoscaler-testbed/base
COPY node /usr/local/bin/node
COPY *.ts /
ENTRYPOINT ["node", "/cadvisor.ts"]
