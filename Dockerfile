# syntax=docker/dockerfile:1
# Three images from one file: `packages` (only for building), `app` (web, worker, beat, migrate), `proxy`.

FROM python:3.13.14-slim-trixie AS packages
ENV UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy
COPY requirements/bootstrap.lock requirements/base.lock /requirements/
RUN python -m venv /installer \
 && /installer/bin/pip install --no-cache-dir --require-hashes -r /requirements/bootstrap.lock \
 && python -m venv --without-pip /opt/venv \
 && /installer/bin/uv pip install --no-cache --python /opt/venv/bin/python \
      --require-hashes --compile-bytecode -r /requirements/base.lock


FROM python:3.13.14-slim-trixie AS app
# Pango draws the certificates.
RUN apt-get update \
 && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd --gid 10001 kip \
 && useradd --uid 10001 --gid kip --no-create-home --home-dir /tmp --shell /usr/sbin/nologin kip \
 && install -d -o kip -g kip -m 0750 /srv/media /srv/beat
COPY --from=packages /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=hanoi_kip.settings \
    KIP_MEDIA_ROOT=/srv/media \
    XDG_CACHE_HOME=/tmp
WORKDIR /srv/app
COPY . .
# Translations and hashed static files belong to the image. The addresses below reach nothing: neither
# command asks a server, and none of these values is kept.
RUN KIP_SECRET_KEY=only-while-building DATABASE_URL=postgres://nobody@nowhere/none \
    REDIS_URL=redis://nowhere KIP_CACHE_URL=redis://nowhere \
    sh -c 'python manage.py catalogue --compile && python manage.py collectstatic --noinput -v0' \
 && python -m compileall -q .
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["python", "deploy/health.py"]
CMD ["gunicorn", "hanoi_kip.wsgi:application", "--bind", "0.0.0.0:8000", "--threads", "4", \
     "--worker-tmp-dir", "/dev/shm", "--no-control-socket", "--graceful-timeout", "20", "--timeout", "60"]


FROM caddy:2.11.4-alpine AS proxy
# The image's own /data and /config belong to root.
RUN mkdir -p /caddy/data /caddy/config && chown -R 10001:10001 /caddy
ENV XDG_DATA_HOME=/caddy/data XDG_CONFIG_HOME=/caddy/config
COPY deploy/Caddyfile /etc/caddy/Caddyfile
USER 10001:10001
EXPOSE 8080 8443
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s --retries=3 \
  CMD ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8081/"]
