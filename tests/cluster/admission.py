"""Who may do what, and how much: Roles, quotas, PodSecurity. Refusals are worded as the real server words them."""
import rules


class Forbidden(Exception):
    pass


def is_allowed(store, user, verb, group, resource, namespace):
    """`admin` may do all; others what the Roles that are bound to them in the namespace say. `resource` may be "pods/log"."""
    if user == "admin":
        return True
    for binding in store.list("rolebindings", namespace):
        if not any(s["kind"] == "User" and s["name"] == user for s in binding.get("subjects", [])):
            continue
        role = store.get("roles", namespace, binding["roleRef"]["name"])
        for rule in (role or {}).get("rules", []):
            if verb in rule["verbs"] and group in rule.get("apiGroups", []) and resource in rule.get("resources", []):
                return True
    return False


def demand(store, user, verb, group, resource, namespace, name):
    if is_allowed(store, user, verb, group, resource, namespace):
        return
    full = resource.split("/")[0] + (f".{group}" if group else "")
    subject = f'{full} "{name}"' if name else full
    place = f' in the namespace "{namespace}"' if namespace else " at the cluster scope"
    raise Forbidden(f'{subject} is forbidden: User "{user}" cannot {verb} resource "{resource}" in API group "{group}"{place}')


def is_restricted(store, namespace):
    labels = (store.get("namespaces", "", namespace) or {}).get("metadata", {}).get("labels", {})
    return labels.get("pod-security.kubernetes.io/enforce") == "restricted"


def security_warning(store, namespace, document):
    """What is said of an object whose pods will be refused."""
    found = [text for pod in rules.pod_specs(document) for text in rules.violations(pod)] if is_restricted(store, namespace) else []
    return f'would violate PodSecurity "restricted:latest": {", ".join(dict.fromkeys(found))}' if found else ""


def _demands(spec):
    """What a pod asks for, by the names of quotas."""
    total = {"pods": 1.0}
    for container in spec["containers"]:
        resources = container.get("resources", {})
        for side in ("requests", "limits"):
            for name, quantity in resources.get(side, {}).items():
                for key in [f"{side}.{name}"] + ([name] if side == "requests" else []):
                    total[key] = total.get(key, 0.0) + rules.amount(quantity)
    return total


def is_over(pod):
    return pod.get("status", {}).get("phase") in ("Succeeded", "Failed")


def check_quota(store, namespace, pod):
    wanted = _demands(pod["spec"])
    for quota in store.list("resourcequotas", namespace):
        hard, name = quota["spec"]["hard"], quota["metadata"]["name"]
        used = [_demands(other["spec"]) for other in store.list("pods", namespace) if not is_over(other)]
        for key, limit in hard.items():
            if key not in wanted and key.split(".")[0] in ("requests", "limits", "cpu", "memory"):
                if key.split(".")[-1] in ("cpu", "memory"):
                    raise Forbidden(f'pods "{pod["metadata"]["name"]}" is forbidden: failed quota: {name}: must specify {key} for: main')
                continue
            taken = sum(demands.get(key, 0.0) for demands in used)
            if taken + wanted.get(key, 0.0) > rules.amount(limit):
                raise Forbidden(f'pods "{pod["metadata"]["name"]}" is forbidden: exceeded quota: {name}, requested: {key}={wanted[key]:g}, '
                                f"used: {key}={taken:g}, limited: {key}={limit}")


def check_names(namespace, pod):
    """There is no priority class here, and of service accounts the one that every namespace has."""
    spec, name = pod["spec"], pod["metadata"]["name"]
    if spec.get("priorityClassName"):
        raise Forbidden(f'pods "{name}" is forbidden: no PriorityClass with name {spec["priorityClassName"]} was found')
    account = spec.get("serviceAccountName", "default")
    if account != "default":
        raise Forbidden(f'pods "{name}" is forbidden: error looking up service account {namespace}/{account}: serviceaccount "{account}" not found')


def admit_pod(store, namespace, pod):
    """Raises Forbidden for pods that name what is not there, or that PodSecurity or a quota refuses."""
    check_names(namespace, pod)
    found = rules.violations(pod["spec"]) if is_restricted(store, namespace) else []
    if found:
        raise Forbidden(f'pods "{pod["metadata"]["name"]}" is forbidden: violates PodSecurity "restricted:latest": {", ".join(found)}')
    check_quota(store, namespace, pod)
