"""How every process of ours connects to PostgreSQL, whatever its version of SQLAlchemy."""

from __future__ import annotations

# The client gives up a server that has vanished (seconds, and milliseconds).
PATIENCE = {
    "connect_timeout": 2,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 8000,
}
