# Tocsin in one image: locked dependencies with their hashes, the language model among them, no root.
#
#   docker build -t tocsin:0.1.0 .
#   docker run --rm tocsin:0.1.0 --help

ARG PYTHON=python:3.11.14-slim-bookworm

FROM ghcr.io/astral-sh/uv:0.13.8 AS uv

FROM ${PYTHON} AS build
COPY --from=uv /uv /usr/local/bin/uv
ENV UV_COMPILE_BYTECODE=1 \
    UV_LINK_MODE=copy \
    UV_PYTHON_DOWNLOADS=never
WORKDIR /app
RUN uv venv --python /usr/local/bin/python3 .venv
# What changes seldom first: a change of our own code leaves this layer as it is.
RUN --mount=type=cache,target=/root/.cache/uv \
    --mount=type=bind,source=requirements.lock,target=requirements.lock \
    uv pip install --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY schemas schemas
COPY streams streams
# Built with the locked setuptools, not with whatever is newest.
RUN uv pip install --no-deps --no-build-isolation .

FROM ${PYTHON}
RUN groupadd --gid 10001 tocsin && useradd --uid 10001 --gid tocsin --no-create-home tocsin
COPY --from=build /app/.venv /app/.venv
ENV PATH=/app/.venv/bin:$PATH \
    HOME=/tmp \
    PYTHONUNBUFFERED=1 \
    TOCSIN_DATA_DIR=/tmp/tocsin \
    TOCSIN_WEB_HOST=0.0.0.0
WORKDIR /tmp
USER 10001:10001
EXPOSE 6066
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:6066/livez', timeout=4)"]
ENTRYPOINT ["tocsin"]
CMD ["worker"]
