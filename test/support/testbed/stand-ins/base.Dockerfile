# The root file system as debootstrap made it, plus the certificates that this machine trusts.
FROM swarm-autoscaler-testbed/debian
COPY ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
RUN ln -s /bin/busybox /usr/bin/wget
