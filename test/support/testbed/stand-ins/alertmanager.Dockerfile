FROM swarm-autoscaler-testbed/base
COPY usr/bin/prometheus-alertmanager /bin/alertmanager
# Debian's build reads its templates from there; the original has them inside.
COPY usr/share/prometheus/alertmanager /usr/share/prometheus/alertmanager
RUN mkdir -p /alertmanager /etc/alertmanager && chown nobody:nogroup /alertmanager
USER nobody
WORKDIR /alertmanager
ENTRYPOINT ["/bin/alertmanager"]
CMD ["--config.file=/etc/alertmanager/alertmanager.yml", "--storage.path=/alertmanager"]
