"""What a strict cluster refuses of an object: what the published schema (tests/data/kubernetes_schema.json) does not allow, a
few rules that only the server's own code knows, and pods below PodSecurity's level `restricted`
(https://kubernetes.io/docs/concepts/security/pod-security-standards/).

As a program: reads YAML documents, prints them as a JSON list, or the first fault and exit code 1."""
import json
import os
import re
import sys

DATA = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "data", "kubernetes_schema.json")
SCHEMA = json.load(open(DATA, encoding="utf-8"))
TYPES = {"string": str, "integer": int, "boolean": bool, "object": dict, "array": list, "number": float}
QUANTITY = re.compile(r"^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?[0-9]+))?$")
LABEL_VALUE = re.compile(r"^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$")
LABEL_KEY = re.compile(r"^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$")
DNS_NAME = re.compile(r"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$")
DNS_LABEL = re.compile(r"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")
FACTORS = {"": 1, "n": 1e-9, "u": 1e-6, "m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18,
           "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40, "Pi": 2**50, "Ei": 2**60}


class Refusal(Exception):
    """The object is none that the server reads: 400."""


class Invalid(Exception):
    """The object is read, and not valid: 422."""


def amount(quantity):
    """A quantity as a number: "500m" is 0.5."""
    digits = str(quantity).rstrip("numkMGTPEi")
    return float(digits) * FACTORS[str(quantity)[len(digits):]]


def check_value(value, schema, where):
    if "$ref" in schema:
        if schema["$ref"] == "Quantity" and not QUANTITY.match(str(value)):
            raise Refusal(f"{where}: quantities must match the regular expression {QUANTITY.pattern!r}")
        schema = SCHEMA["definitions"][schema["$ref"]]
    if "oneOf" in schema:
        if not any(isinstance(value, TYPES[choice["type"]]) for choice in schema["oneOf"]):
            raise Refusal(f"{where}: wrong type: {value!r}")
        return
    kind = schema.get("type")
    if kind and (not isinstance(value, TYPES[kind]) or (kind == "integer" and isinstance(value, bool))):
        raise Refusal(f"{where}: expected {kind}, got {value!r}")
    if "enum" in schema and value not in schema["enum"]:
        raise Refusal(f"{where}: unsupported value {value!r}, expected one of {schema['enum']}")
    if kind == "array":
        for i, item in enumerate(value):
            check_value(item, schema.get("items", {}), f"{where}[{i}]")
    elif kind == "object":
        check_object(value, schema, where)


def check_object(value, schema, where):
    properties, more = schema.get("properties", {}), schema.get("additionalProperties")
    for name in schema.get("required", []):
        if name not in value:
            raise Refusal(f'{where}: missing required field "{name}"')
    for name, item in value.items():
        if name in properties:
            check_value(item, properties[name], f"{where}.{name}")
        elif isinstance(more, dict):
            check_value(item, more, f"{where}.{name}")
        elif properties:
            raise Refusal(f'strict decoding error: unknown field "{where}.{name}"')


def pod_specs(document):
    spec = document.get("spec", {})
    if document["kind"] == "Pod":
        return [spec]
    if document["kind"] == "Job":
        return [spec["template"]["spec"]]
    if document["kind"] == "MPIJob":
        return [replica["template"]["spec"] for replica in spec["mpiReplicaSpecs"].values()]
    return []


def violations(pod):
    """What of a pod the level `restricted` forbids, in the server's words."""
    found = []
    security = pod.get("securityContext", {})
    if any(pod.get(name) for name in ("hostNetwork", "hostPID", "hostIPC")):
        found.append("host namespaces")
    for container in pod.get("initContainers", []) + pod["containers"]:
        inner, name = container.get("securityContext", {}), container["name"]
        if inner.get("privileged"):
            found.append(f'privileged (container "{name}" must not set securityContext.privileged=true)')
        if inner.get("allowPrivilegeEscalation") is not False:
            found.append(f'allowPrivilegeEscalation != false (container "{name}" must set securityContext.allowPrivilegeEscalation=false)')
        if inner.get("capabilities", {}).get("drop") != ["ALL"] or inner.get("capabilities", {}).get("add"):
            found.append(f'unrestricted capabilities (container "{name}" must set securityContext.capabilities.drop=["ALL"])')
        if not (security.get("runAsNonRoot") is True or inner.get("runAsNonRoot") is True):
            found.append(f'runAsNonRoot != true (pod or container "{name}" must set securityContext.runAsNonRoot=true)')
        if security.get("runAsUser") == 0 or inner.get("runAsUser") == 0:
            found.append("runAsUser=0 (pod must not set runAsUser=0)")
        kind = (inner.get("seccompProfile") or security.get("seccompProfile") or {}).get("type")
        if kind not in ("RuntimeDefault", "Localhost"):
            found.append(f'seccompProfile (pod or container "{name}" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")')
        if any(port.get("hostPort") for port in container.get("ports", [])):
            found.append("hostPort")
    for volume in pod.get("volumes", []):
        for kind in set(volume) - {"name", "configMap", "secret", "emptyDir", "persistentVolumeClaim", "projected"}:
            found.append(f'restricted volume types (volume "{volume["name"]}" uses restricted volume type "{kind}")')
    return found


def check_pod(pod, where, is_of_job):
    volumes = [volume["name"] for volume in pod.get("volumes", [])]
    if len(volumes) != len(set(volumes)):
        raise Invalid(f"{where}.volumes: Duplicate value")
    for volume in pod.get("volumes", []):
        if len(volume) != 2:
            raise Invalid(f'{where}.volumes: Forbidden: volume "{volume["name"]}" must specify one volume type')
    for container in pod["containers"]:
        place = f'{where}.containers[{container["name"]}]'
        if not container.get("image"):
            raise Invalid(f"{place}.image: Required value")
        paths = [mount["mountPath"] for mount in container.get("volumeMounts", [])]
        if len(paths) != len(set(paths)):
            raise Invalid(f"{place}.volumeMounts: Invalid value: must be unique")
        for mount in container.get("volumeMounts", []):
            if mount["name"] not in volumes:
                raise Invalid(f'{place}.volumeMounts: Not found: "{mount["name"]}"')
        resources = container.get("resources", {})
        for name, asked in resources.get("requests", {}).items():
            if amount(asked) > amount(resources.get("limits", {}).get(name, asked)):
                raise Invalid(f"{place}.resources.requests: Invalid value: must be less than or equal to {name} limit")
    if is_of_job and pod.get("restartPolicy") not in ("Never", "OnFailure"):
        raise Invalid(f'{where}.restartPolicy: Required value: valid values: "OnFailure", "Never"')


def check_job(spec):
    is_indexed = spec.get("completionMode") == "Indexed"
    if spec.get("completionMode") not in (None, "Indexed", "NonIndexed"):
        raise Invalid("spec.completionMode: Unsupported value")
    if is_indexed and "completions" not in spec:
        raise Invalid("spec.completions: Required value: when completion mode is Indexed")
    if spec.get("successPolicy") and not is_indexed:
        raise Invalid("spec.successPolicy: Invalid value: requires indexed completion mode")
    policy = spec.get("podFailurePolicy")
    if policy and spec["template"]["spec"].get("restartPolicy") != "Never":
        raise Invalid("spec.template.spec.restartPolicy: Invalid value: only \"Never\" is supported when podFailurePolicy is specified")
    for rule in (policy or {}).get("rules", []):
        codes = rule.get("onExitCodes", {})
        if codes and (0 in codes["values"] and codes["operator"] == "In" or codes["values"] != sorted(set(codes["values"]))):
            raise Invalid("spec.podFailurePolicy.rules.onExitCodes.values: Invalid value: must be ordered, unique and not 0")


def check_metadata(metadata, kind):
    name = metadata.get("name", "")
    pattern = DNS_LABEL if kind in ("Service", "Namespace", "MPIJob") else DNS_NAME
    if not pattern.match(name) or len(name) > 253:
        raise Invalid(f"metadata.name: Invalid value: {name!r}: a lowercase RFC 1123 name must consist of lower case alphanumeric characters or '-'")
    for key, value in metadata.get("labels", {}).items():
        if not LABEL_KEY.match(key) or not LABEL_VALUE.match(value) or len(value) > 63:
            raise Invalid(f"metadata.labels: Invalid value: {value!r}: a valid label must be an empty string or consist of alphanumeric characters")


def check_document(document):
    """Raises Refusal or Invalid."""
    name = f"{document.get('apiVersion')}/{document.get('kind')}"
    if name not in SCHEMA["kinds"]:
        raise Refusal(f'no matches for kind "{document.get("kind")}" in version "{document.get("apiVersion")}"')
    for field, item in document.items():
        schema = SCHEMA["definitions"][SCHEMA["kinds"][name]]
        if field not in schema["properties"]:
            raise Refusal(f'strict decoding error: unknown field "{field}"')
        check_value(item, schema["properties"][field], field)
    for required in SCHEMA["definitions"][SCHEMA["kinds"][name]].get("required", []) + ["metadata"]:
        if required not in document:
            raise Refusal(f'missing required field "{required}"')
    check_metadata(document["metadata"], document["kind"])
    if document["kind"] == "Job":
        check_job(document["spec"])
    for pod in pod_specs(document):
        check_pod(pod, "spec" if document["kind"] == "Pod" else "spec.template.spec", document["kind"] == "Job")


if __name__ == "__main__":
    import yaml

    documents = list(yaml.safe_load_all(sys.stdin))
    try:
        for document in documents:
            if "check" in sys.argv[1:]:
                check_document(document)
                for pod in pod_specs(document):
                    if violations(pod):
                        raise Refusal(f'violates PodSecurity "restricted:latest": {", ".join(violations(pod))}')
    except (Refusal, Invalid) as fault:
        sys.exit(str(fault))
    json.dump(documents, sys.stdout)
