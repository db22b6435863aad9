"""The server's description of itself as kubectl reads it: an OpenAPI 2 document in protobuf's wire format, with no more than
kubectl looks for, namely that each kind may be tried (dryRun) and is read strictly (fieldValidation). Field numbers are those
of OpenAPIv2.proto in https://github.com/google/gnostic."""
import json


def _number(value):
    out = b""
    while True:
        out += bytes([value & 0x7F | (0x80 if value > 0x7F else 0)])
        value >>= 7
        if not value:
            return out


def field(number, content):
    content = content.encode() if isinstance(content, str) else content
    return _number(number << 3 | 2) + _number(len(content)) + content


def _query_parameter(name):
    sub_schema = field(2, "query") + field(4, name)
    non_body = field(3, sub_schema)
    return field(1, field(2, non_body))


def _path(group, version, resource, kind):
    kind_text = json.dumps({"group": group, "version": version, "kind": kind})
    extension = field(1, "x-kubernetes-group-version-kind") + field(2, field(2, kind_text))
    operation = b"".join(field(8, _query_parameter(name)) for name in ("dryRun", "fieldValidation")) + field(13, extension)
    base = f"/apis/{group}/{version}" if group else f"/api/{version}"
    name = f"{base}/namespaces/{{namespace}}/{resource}/{{name}}"
    return field(1, name) + field(2, field(8, operation))


def document(table):
    paths = b"".join(field(2, _path(group, version, resource, kind)) for resource, (group, version, kind, _, _) in table.items() if "/" not in resource)
    return field(1, "2.0") + field(2, field(1, "Kubernetes") + field(2, "v1")) + field(8, paths)
