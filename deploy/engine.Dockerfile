# Rasa with its model. Build the model first (`make build`), then, in the project's root:
#   docker build -f deploy/engine.Dockerfile -t iess-engine .
FROM python:3.10-slim-bookworm
RUN useradd --uid 10001 --user-group --no-create-home iess
WORKDIR /app
COPY requirements/rasa.lock requirements/
# The lock's source-only packages are built with the locked tools, as `make install` does.
RUN awk '/^[a-z0-9]/ {keep = /^(setuptools|wheel)==/} keep' requirements/rasa.lock > /tmp/tools.txt \
 && apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev \
 && python -m pip --no-input --disable-pip-version-check install --no-cache-dir --progress-bar=off --no-deps --require-hashes -r /tmp/tools.txt \
 && python -m pip --no-input --disable-pip-version-check install --no-cache-dir --progress-bar=off --no-deps --require-hashes --no-build-isolation -r requirements/rasa.lock \
 && apt-get purge -y --auto-remove gcc libc6-dev && rm -rf /var/lib/apt/lists/* /tmp/tools.txt
COPY bot bot
COPY data data
COPY config.yml domain.yml endpoints.yml credentials.yml ./
COPY var/encoder var/encoder
COPY var/models var/models
COPY deploy/engine.sh deploy/
ENV PYTHONPATH=/app PYTHONUNBUFFERED=1 RASA_TELEMETRY_ENABLED=false TF_CPP_MIN_LOG_LEVEL=3 \
    SQLALCHEMY_SILENCE_UBER_WARNING=1 HOME=/tmp MPLCONFIGDIR=/tmp
USER 10001:10001
EXPOSE 5005
HEALTHCHECK --interval=10s --timeout=5s --start-period=90s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:5005/', timeout=3)"]
ENTRYPOINT ["/bin/sh", "deploy/engine.sh"]
CMD ["python", "-W", "ignore::DeprecationWarning", "-m", "bot.nlu.server", "--model", "/app/var/models/iess.tar.gz", "--interface", "0.0.0.0", "--port", "5005"]
