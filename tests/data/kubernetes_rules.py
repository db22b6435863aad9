"""What a strict cluster refuses: fields that the schema beside this file does not know, and pods below PodSecurity's
level `restricted` (https://kubernetes.io/docs/concepts/security/pod-security-standards/).

As a program: reads YAML documents, prints them as a JSON list, or the first fault and exit code 1."""
import json
import os
import sys

SCHEMA = json.load(open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "kubernetes_schema.json"), encoding="utf-8"))
PLAIN = {"text": str, "integer": int, "boolean": bool}


class Refusal(Exception):
    pass


def check_value(value, kind, where):
    if kind.startswith("[]"):
        if not isinstance(value, list):
            raise Refusal(f"{where}: expected a list")
        for i, item in enumerate(value):
            check_value(item, kind[2:], f"{where}[{i}]")
    elif kind.startswith("{}"):
        if not isinstance(value, dict):
            raise Refusal(f"{where}: expected a map")
        for key, item in value.items():
            check_value(key, "text", f"{where} key")
            check_value(item, kind[2:], f"{where}.{key}")
    elif kind in PLAIN:
        if type(value) is not PLAIN[kind]:
            raise Refusal(f"{where}: expected {kind}, got {value!r}")
    else:
        check_object(value, kind, where)


def check_object(value, kind, where):
    if not isinstance(value, dict):
        raise Refusal(f"{where}: expected {kind}")
    fields = SCHEMA["types"][kind]
    known = {name.rstrip("!"): type_name for name, type_name in fields.items()}
    for name in fields:
        if name.endswith("!") and name[:-1] not in value:
            raise Refusal(f"{where}: missing required field {name[:-1]!r}")
    for name, item in value.items():
        if name not in known:
            raise Refusal(f"{where}: unknown field {name!r}")
        check_value(item, known[name], f"{where}.{name}")


def pod_specs(document):
    spec = document.get("spec", {})
    if document["kind"] == "Pod":
        return [spec]
    if document["kind"] == "Job":
        return [spec["template"]["spec"]]
    if document["kind"] == "MPIJob":
        return [replica["template"]["spec"] for replica in spec["mpiReplicaSpecs"].values()]
    return []


def check_restricted(pod):
    security = pod.get("securityContext", {})
    if security.get("runAsNonRoot") is not True or security.get("runAsUser") == 0:
        raise Refusal('violates PodSecurity "restricted:latest": runAsNonRoot != true')
    if security.get("seccompProfile", {}).get("type") not in ("RuntimeDefault", "Localhost"):
        raise Refusal('violates PodSecurity "restricted:latest": seccompProfile')
    for container in pod["containers"]:
        inner = container.get("securityContext", {})
        if inner.get("allowPrivilegeEscalation") is not False:
            raise Refusal('violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false')
        if inner.get("capabilities", {}).get("drop") != ["ALL"] or inner.get("capabilities", {}).get("add"):
            raise Refusal('violates PodSecurity "restricted:latest": unrestricted capabilities')
    for volume in pod.get("volumes", []):
        kinds = set(volume) - {"name"}
        if not kinds <= {"configMap", "secret", "emptyDir", "persistentVolumeClaim"}:
            raise Refusal(f'violates PodSecurity "restricted:latest": restricted volume types {kinds}')


def check_document(document):
    name = f"{document.get('apiVersion')}/{document.get('kind')}"
    if name not in SCHEMA["kinds"]:
        raise Refusal(f"no matches for kind {name}")
    check_object(document, SCHEMA["kinds"][name], document["kind"])
    for pod in pod_specs(document):
        check_restricted(pod)


if __name__ == "__main__":
    import yaml

    documents = list(yaml.safe_load_all(sys.stdin))
    try:
        for document in documents:
            if "check" in sys.argv[1:]:
                check_document(document)
    except Refusal as refusal:
        sys.exit(str(refusal))
    json.dump(documents, sys.stdout)
