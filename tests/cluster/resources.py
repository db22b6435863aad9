"""The resources that are served, and what discovery says of them."""

# name: (group, version, kind, is namespaced, verbs)
ALL = ["create", "delete", "get", "list", "watch"]
RESOURCES = {
    "namespaces": ("", "v1", "Namespace", False, ALL),
    "pods": ("", "v1", "Pod", True, ALL),
    "pods/log": ("", "v1", "Pod", True, ["get"]),
    "pods/exec": ("", "v1", "PodExecOptions", True, ["create", "get"]),
    "configmaps": ("", "v1", "ConfigMap", True, ALL),
    "secrets": ("", "v1", "Secret", True, ALL),
    "services": ("", "v1", "Service", True, ALL),
    "events": ("", "v1", "Event", True, ALL),
    "persistentvolumeclaims": ("", "v1", "PersistentVolumeClaim", True, ALL),
    "resourcequotas": ("", "v1", "ResourceQuota", True, ALL),
    "jobs": ("batch", "v1", "Job", True, ALL),
    "roles": ("rbac.authorization.k8s.io", "v1", "Role", True, ALL),
    "rolebindings": ("rbac.authorization.k8s.io", "v1", "RoleBinding", True, ALL),
    "selfsubjectaccessreviews": ("authorization.k8s.io", "v1", "SelfSubjectAccessReview", False, ["create"]),
    "mpijobs": ("kubeflow.org", "v2beta1", "MPIJob", True, ALL),
}


class Resources:
    def __init__(self, minor, has_operator):
        self.minor = minor
        self.table = {name: row for name, row in RESOURCES.items() if name != "mpijobs" or has_operator}

    def group_of(self, resource):
        return self.table[resource][0]

    def kind_of(self, resource):
        return self.table[resource][2]

    def api_version(self, resource):
        group, version = self.table[resource][:2]
        return f"{group}/{version}" if group else version

    def find(self, group, version, resource):
        row = self.table.get(resource)
        return row if row and row[:2] == (group, version) else None

    def discovery(self, path):
        """The answer to a path of discovery; None for other paths."""
        groups = sorted({row[:2] for row in self.table.values() if row[0]})
        if path == "/version":
            return {"major": "1", "minor": str(self.minor), "gitVersion": f"v1.{self.minor}.0", "platform": "linux/amd64"}
        if path == "/api":
            return {"kind": "APIVersions", "versions": ["v1"]}
        if path == "/apis":
            entries = [{"groupVersion": f"{g}/{v}", "version": v} for g, v in groups]
            return {"kind": "APIGroupList", "apiVersion": "v1",
                    "groups": [{"name": e["groupVersion"].split("/")[0], "versions": [e], "preferredVersion": e} for e in entries]}
        for group, version in groups + [("", "v1")]:
            if path == (f"/apis/{group}/{version}" if group else "/api/v1"):
                listed = [{"name": name, "singularName": kind.lower(), "namespaced": namespaced, "kind": kind, "verbs": verbs}
                          for name, (g, v, kind, namespaced, verbs) in self.table.items() if (g, v) == (group, version)]
                return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": f"{group}/{version}" if group else version,
                        "resources": listed}
        return None
