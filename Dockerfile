# One image for the interface, the workers and the command.
ARG PYTHON_IMAGE=python:3.11-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
WORKDIR /build
# Symbols for debuggers are a tenth of what is installed; libraries that wheels bring along have none worth it.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends binutils \
    && rm -rf /var/lib/apt/lists/*
# What is installed: service, or voices, which has piper and faster-whisper as well.
ARG REQUIREMENTS=service
COPY requirements/${REQUIREMENTS}.txt requirements/
RUN python3 -m venv /opt/neuroshorts \
    && /opt/neuroshorts/bin/pip install --no-cache-dir --disable-pip-version-check \
        --require-hashes -r "requirements/${REQUIREMENTS}.txt" \
    && find /opt/neuroshorts/lib -name '*.so' ! -path '*.libs/*' -exec strip --strip-unneeded {} +
COPY pyproject.toml README.md LICENSE ./
COPY src src
RUN /opt/neuroshorts/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation . \
    && /opt/neuroshorts/bin/pip uninstall --yes --quiet pip setuptools \
    && find /opt/neuroshorts/lib -type d -name tests -prune -exec rm -rf {} + \
    && find /opt/neuroshorts/lib -name '*.pyi' -delete \
    && find /opt/neuroshorts/lib -path '*/botocore/data/*' -prune -type d \
        ! -name s3 ! -name 'sso*' ! -name sts ! -name signin -exec rm -rf {} +

FROM ${PYTHON_IMAGE}
ARG VERSION=0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="NeuroShorts" \
      org.opencontainers.image.description="Turns a JSON job into a finished vertical short" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
# FriBiDi shapes right-to-left text; tini collects what a render leaves behind. Captions take no serifs.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        fonts-noto-cjk fonts-noto-color-emoji fonts-noto-core libfribidi0 tini \
    && rm -rf /var/lib/apt/lists/* \
    && find /usr/share/fonts \( -name 'NotoSerif*' ! -name 'NotoSerifTibetan*' -o -name 'NotoSans*UI-*' \) -delete \
    && groupadd --gid 10001 neuroshorts \
    && useradd --uid 10001 --gid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin neuroshorts \
    && install --directory --owner=10001 --group=10001 /data /cache
COPY --from=build /opt/neuroshorts /opt/neuroshorts
COPY assets_manifest.yaml /etc/neuroshorts/assets_manifest.yaml
ENV PATH=/opt/neuroshorts/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    NEUROSHORTS_ASSETS_MANIFEST=/etc/neuroshorts/assets_manifest.yaml \
    NEUROSHORTS_DATA_DIR=/data \
    NEUROSHORTS_CACHE_DIR=/cache \
    NEUROSHORTS_LOG_DIR=/data/logs \
    NEUROSHORTS_LOG_FORMAT=json
USER 10001:10001
WORKDIR /data
VOLUME ["/data", "/cache"]
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["neuroshorts", "health"]
ENTRYPOINT ["tini", "--", "neuroshorts"]
CMD ["serve", "--host", "0.0.0.0"]
