"""Cut what we use out of Twilio's public OpenAPI description: sending and listing messages.

The description is Twilio's own, as the npm package @twilio/cli-core 8.3.2 carries it (MIT) in
src/services/twilio-api/twilio_api_v2010.json. Run with that file:
`python -m tests.gateway.sms.openapi.cut FILE`
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

PATH = "/2010-04-01/Accounts/{AccountSid}/Messages.json"
OUT = Path(__file__).with_name("twilio_messages.json")


def lean(node: Any) -> Any:
    """Without prose and Twilio's own marks; of each set of examples the first."""
    if isinstance(node, list):
        return [lean(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {}
    for name, value in node.items():
        if name == "x-twilio" or (name in ("description", "summary") and isinstance(value, str)):
            continue
        if name == "examples" and isinstance(value, dict):
            value = dict(list(value.items())[:1])
        kept[name] = lean(value)
    if "responses" in kept:
        for response in kept["responses"].values():
            # The standard wants one.
            response["description"] = ""
    return kept


def cut(whole: dict[str, Any]) -> dict[str, Any]:
    """The description of one path, with the schemas that it names."""
    path = lean({k: whole["paths"][PATH][k] for k in ("get", "post")})
    schemas: dict[str, Any] = {}
    names = re.findall(r"#/components/schemas/([^\"]+)", json.dumps(path))
    while names:
        name = names.pop()
        if name not in schemas:
            schemas[name] = lean(whole["components"]["schemas"][name])
            names += re.findall(r"#/components/schemas/([^\"]+)", json.dumps(schemas[name]))
    return {
        "openapi": whole["openapi"],
        "info": whole["info"],
        "servers": whole["servers"],
        "paths": {PATH: path},
        "components": {
            "schemas": schemas,
            "securitySchemes": whole["components"]["securitySchemes"],
        },
    }


if __name__ == "__main__":
    description = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    OUT.write_text(json.dumps(cut(description), indent=1) + "\n", encoding="utf-8")
