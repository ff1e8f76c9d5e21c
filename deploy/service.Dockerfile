# Gateway and action server. `make build` first, then, in the project's root:
#   docker build -f deploy/service.Dockerfile -t iess-service .
FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --user-group --no-create-home iess
WORKDIR /app
COPY requirements/serve.lock requirements/
RUN python -m pip --no-input --disable-pip-version-check install --no-cache-dir --progress-bar=off --no-deps --require-hashes --only-binary=:all: -r requirements/serve.lock
COPY bot bot
COPY actions actions
COPY data data
COPY widget/release widget/release
# The staff area: the widget's look, its help and intended use, and messages to replay.
COPY widget/src/chat.css widget/src/talk.css widget/src/
COPY docs/staff.md docs/intended-use.md docs/
COPY eval/dev.jsonl eval/
COPY var/encoder var/encoder
ENV PYTHONPATH=/app PYTHONUNBUFFERED=1 HOME=/tmp HOST=0.0.0.0 ACTIONS_HOST=0.0.0.0
USER 10001:10001
# The gateway at 8000; as an action server, `python -m actions`, at 5055.
EXPOSE 8000 5055
CMD ["python", "-m", "bot", "serve"]
