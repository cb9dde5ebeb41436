# The worker image: small, not root, nothing in it that is only needed to build or to test.
FROM python:3.11-slim AS build
WORKDIR /src
RUN python -m venv /opt/newsfeed
COPY requirements/run.txt requirements/
RUN /opt/newsfeed/bin/pip install --no-cache-dir --require-hashes -r requirements/run.txt
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY newsfeed newsfeed
COPY topics topics
COPY agents agents
RUN /opt/newsfeed/bin/pip install --no-cache-dir "setuptools>=77" \
 && /opt/newsfeed/bin/pip install --no-cache-dir --no-deps --no-build-isolation . \
 && /opt/newsfeed/bin/pip uninstall --yes setuptools pip

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /var/lib/newsfeed --create-home newsfeed
COPY --from=build /opt/newsfeed /opt/newsfeed
ENV PATH=/opt/newsfeed/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    NEWSFEED_DATA_DIR=/var/lib/newsfeed/data \
    NEWSFEED_LOG_FORMAT=json \
    NEWSFEED_WEB_PORT=8080
USER 10001
WORKDIR /var/lib/newsfeed
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=6 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/readyz', timeout=4)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["newsfeed"]
CMD ["worker"]
