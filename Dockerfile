# Suyuan's API and command line in an image of its own: no root, no build tools, the store outside.
FROM python:3.12-slim AS built
WORKDIR /src
COPY pyproject.toml uv.lock README.md LICENSE ./
COPY graph_schema graph_schema
COPY loaders loaders
COPY engine engine
COPY api api
RUN pip install --no-cache-dir uv==0.13.9 \
    && UV_PROJECT_ENVIRONMENT=/opt/suyuan uv sync --frozen --no-dev --no-editable --extra neo4j --extra serve

FROM python:3.12-slim
RUN useradd --create-home --uid 10001 suyuan && mkdir /data && chown suyuan /data
COPY --from=built /opt/suyuan /opt/suyuan
ENV PATH=/opt/suyuan/bin:$PATH XDG_CACHE_HOME=/data/cache NUMBA_CACHE_DIR=/data/cache/numba
USER suyuan
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=6 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["suyuan"]
CMD ["serve", "--host", "0.0.0.0"]
