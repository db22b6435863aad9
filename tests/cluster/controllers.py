"""What makes pods of jobs, gives them nodes and claims, and removes what has lost its owner."""
import copy
import secrets
import time

import admission
import rules
import sshkeys
from store import event, now


OF_OPERATOR = [("OMPI_MCA_orte_keep_fqdn_hostnames", "true"), ("OMPI_MCA_orte_default_hostfile", "/etc/mpi/hostfile"),
               ("OMPI_MCA_plm_rsh_args", "-o ConnectionAttempts=10")]


def condition(kind, reason, message):
    return {"type": kind, "status": "True", "reason": reason, "message": message, "lastTransitionTime": now()}


def has_condition(thing, *kinds):
    return any(c["type"] in kinds and c["status"] == "True" for c in thing.get("status", {}).get("conditions", []))


def owner_of(thing):
    return {"apiVersion": thing["apiVersion"], "kind": thing["kind"], "name": thing["metadata"]["name"], "uid": thing["metadata"]["uid"],
            "controller": True}


class Controllers:
    def __init__(self, store, delete, node):
        self.store, self.delete, self.node = store, delete, node
        self.next_try = {}

    def reconcile(self):
        for claim in self.store.list("persistentvolumeclaims"):
            self._bind(claim)
        for job in self.store.list("mpijobs"):
            self._on_mpi_job(job)
        for job in self.store.list("jobs"):
            self._on_job(job)
        self._collect()
        for pod in self.store.list("pods"):
            if not pod["spec"].get("nodeName") and not pod["metadata"].get("deletionTimestamp"):
                self._schedule(pod)

    def _bind(self, claim):
        """A class that nobody provides is never bound; the volumes of `unreachable` are, but their server is down."""
        is_provided = claim["spec"].get("storageClassName") in (None, "", "standard", "unreachable")
        self.store.change("persistentvolumeclaims", claim["metadata"]["namespace"], claim["metadata"]["name"],
                          lambda c: c.update(status={"phase": "Bound" if is_provided else "Pending"}))

    def _collect(self):
        owners = {thing["metadata"]["uid"] for thing in self.store.objects.values()}
        for (resource, namespace, name), thing in list(self.store.objects.items()):
            references = thing["metadata"].get("ownerReferences", [])
            if references and not any(r["uid"] in owners for r in references) and not thing["metadata"].get("deletionTimestamp"):
                self.delete(resource, namespace, name, None)

    # The scheduler, of one node.

    def _unplaceable(self, pod):
        """Why no node takes the pod, in the scheduler's words; empty where one does."""
        namespace, spec, useless = pod["metadata"]["namespace"], pod["spec"], "1 Preemption is not helpful for scheduling."
        for volume in spec.get("volumes", []):
            name = volume.get("persistentVolumeClaim", {}).get("claimName")
            claim = self.store.get("persistentvolumeclaims", namespace, name) if name else None
            if name and not claim:
                return self._no_node(f'persistentvolumeclaim "{name}" not found', useless)
            if claim and claim.get("status", {}).get("phase") != "Bound":
                return self._no_node("pod has unbound immediate PersistentVolumeClaims", useless)
        if spec.get("nodeSelector"):
            return self._no_node("1 node(s) didn't match Pod's node affinity/selector", useless)
        for name, quantity in spec["containers"][0].get("resources", {}).get("requests", {}).items():
            if rules.amount(quantity) > rules.amount(self.node.capacity.get(name, "0")):
                return self._no_node(f"1 Insufficient {name}", "1 No preemption victims found for incoming pod.")
        return ""

    @staticmethod
    def _no_node(reason, preemption):
        return f"0/1 nodes are available: {reason}. preemption: 0/1 nodes are available: {preemption}"

    def _schedule(self, pod):
        reason, metadata = self._unplaceable(pod), pod["metadata"]

        def edit(thing):
            placed = {"type": "PodScheduled", "status": "False" if reason else "True"}
            if reason:
                placed.update(reason="Unschedulable", message=reason)
            else:
                thing["spec"]["nodeName"] = "node-1"
            others = [c for c in thing["status"].get("conditions", []) if c["type"] != "PodScheduled"]
            thing["status"]["conditions"] = others + [placed]

        if reason:
            event(self.store, pod, "FailedScheduling", reason)
        self.store.change("pods", metadata["namespace"], metadata["name"], edit)

    # Pods of owners.

    def _make_pod(self, owner, name, template, labels, edit):
        """False where the pod was refused; the owner's events say why."""
        metadata = {"name": name, "namespace": owner["metadata"]["namespace"], "ownerReferences": [owner_of(owner)],
                    "labels": template.get("metadata", {}).get("labels", {}) | labels}
        pod = {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": template["spec"], "status": {"phase": "Pending"}}
        edit(pod)
        try:
            admission.admit_pod(self.store, metadata["namespace"], pod)
        except admission.Forbidden as refusal:
            event(self.store, owner, "FailedCreate", f"Error creating: {refusal}")
            self.next_try[owner["metadata"]["uid"]] = time.monotonic() + 1
            return False
        self.store.create("pods", metadata["namespace"], pod)
        return True

    def _owned(self, resource, owner):
        return [thing for thing in self.store.list(resource, owner["metadata"]["namespace"])
                if any(r["uid"] == owner["metadata"]["uid"] for r in thing["metadata"].get("ownerReferences", []))]

    def _set_conditions(self, resource, thing, *conditions):
        def edit(found):
            found.setdefault("status", {}).setdefault("conditions", []).extend(conditions)

        self.store.change(resource, thing["metadata"]["namespace"], thing["metadata"]["name"], edit)

    def _end_pods(self, pods):
        for pod in pods:
            if not pod["metadata"].get("deletionTimestamp"):
                self.delete("pods", pod["metadata"]["namespace"], pod["metadata"]["name"], None)

    # Job, batch/v1.

    @staticmethod
    def _exit_code(pod):
        statuses = pod["status"].get("containerStatuses") or [{}]
        return statuses[0].get("state", {}).get("terminated", {}).get("exitCode")

    def _verdict(self, job, pod):
        """Count, Ignore or FailJob: what the Job's policy says of a pod that failed."""
        for rule in job["spec"].get("podFailurePolicy", {}).get("rules", []):
            codes = rule.get("onExitCodes")
            if codes and (self._exit_code(pod) in codes["values"]) == (codes["operator"] == "In") and self._exit_code(pod):
                return rule["action"]
            if any(has_condition(pod, pattern["type"]) for pattern in rule.get("onPodConditions", [])):
                return rule["action"]
        return "Count"

    def _on_job(self, job):
        spec, metadata = job["spec"], job["metadata"]
        if has_condition(job, "Complete", "Failed") or spec.get("suspend"):
            return
        pods = [pod for pod in self._owned("pods", job)]
        active = [pod for pod in pods if not admission.is_over(pod)]
        if has_condition(job, "SuccessCriteriaMet", "FailureTarget"):
            return self._finish_job(job, active)
        failed = [pod for pod in pods if pod["status"].get("phase") == "Failed"]
        verdicts = [self._verdict(job, pod) for pod in failed]
        if "FailJob" in verdicts:
            pod = failed[verdicts.index("FailJob")]
            message = (f"Container main for pod {metadata['namespace']}/{pod['metadata']['name']} failed with exit code {self._exit_code(pod)} matching "
                       "FailJob rule at index 1")
            return self._set_conditions("jobs", job, condition("FailureTarget", "PodFailurePolicy", message))
        if verdicts.count("Count") > spec.get("backoffLimit", 6):
            return self._set_conditions("jobs", job, condition("FailureTarget", "BackoffLimitExceeded", "Job has reached the specified backoff limit"))
        done = {self._index(pod) for pod in pods if pod["status"].get("phase") == "Succeeded"}
        if self._has_succeeded(job, done):
            return
        self._fill_job(job, done, active, verdicts.count("Count"))

    @staticmethod
    def _index(pod):
        return int(pod["metadata"]["labels"].get("batch.kubernetes.io/job-completion-index", 0))

    def _has_succeeded(self, job, done):
        wanted = {int(rule["succeededIndexes"]) for rule in job["spec"].get("successPolicy", {}).get("rules", [])}
        if wanted and wanted <= done:
            self._set_conditions("jobs", job, condition("SuccessCriteriaMet", "SuccessPolicy", "Matched rules at index 0"))
        elif len(done) >= job["spec"].get("completions", 1):
            self._set_conditions("jobs", job, condition("SuccessCriteriaMet", "CompletionsReached", "Reached expected number of succeeded pods"))
        else:
            return False
        return True

    def _fill_job(self, job, done, active, failures):
        uid, name = job["metadata"]["uid"], job["metadata"]["name"]
        missing = set(range(job["spec"].get("completions", 1))) - done - {self._index(pod) for pod in active}
        key = (uid, failures)
        if failures and key not in self.next_try:
            self.next_try[key] = time.monotonic() + 0.5  # the real one waits ten seconds
        if time.monotonic() < max(self.next_try.get(uid, 0), self.next_try.get(key, 0)):
            return
        is_indexed = job["spec"].get("completionMode") == "Indexed"
        for index in sorted(missing):
            labels = {"batch.kubernetes.io/job-name": name, "job-name": name}

            def edit(pod, index=index):
                if not is_indexed:
                    return
                labels = pod["metadata"]["labels"]
                labels["batch.kubernetes.io/job-completion-index"] = str(index)
                pod["spec"]["hostname"] = f"{name}-{index}"
                for container in pod["spec"]["containers"]:
                    container["env"] = container.get("env", []) + [{"name": "JOB_COMPLETION_INDEX", "value": str(index)}]

            pod_name = (f"{name}-{index}-" if is_indexed else f"{name}-") + secrets.token_hex(3)[:5]
            if not self._make_pod(job, pod_name, copy.deepcopy(job["spec"]["template"]), labels, edit):
                return

    def _finish_job(self, job, active):
        self._end_pods(active)
        if active:
            return
        met = next(c for c in job["status"]["conditions"] if c["type"] in ("SuccessCriteriaMet", "FailureTarget"))
        kind = "Complete" if met["type"] == "SuccessCriteriaMet" else "Failed"
        self._set_conditions("jobs", job, condition(kind, met["reason"], met["message"]))

    # MPIJob, kubeflow.org/v2beta1.

    def _on_mpi_job(self, job):
        if has_condition(job, "Succeeded", "Failed"):
            return
        if job["spec"].get("runPolicy", {}).get("suspend"):
            return
        if not has_condition(job, "Created"):
            self._set_conditions("mpijobs", job, condition("Created", "MPIJobCreated", "MPIJob is created."))
            self._make_parts(job)
        workers = [pod for pod in self._owned("pods", job)]
        self._fill_workers(job, workers)
        launcher = self.store.get("jobs", job["metadata"]["namespace"], job["metadata"]["name"] + "-launcher")
        for theirs, ours in (("Complete", "Succeeded"), ("Failed", "Failed")):
            if launcher and has_condition(launcher, theirs):
                if job["spec"].get("runPolicy", {}).get("cleanPodPolicy") in ("Running", "All"):
                    self._end_pods([pod for pod in workers if not admission.is_over(pod)])
                self._set_conditions("mpijobs", job, condition(ours, "MPIJob" + ours, f"MPIJob {job['metadata']['name']} has {ours.lower()}."))

    def _make_parts(self, job):
        metadata, spec, name = job["metadata"], job["spec"], job["metadata"]["name"]
        slots, count = spec.get("slotsPerWorker", 1), spec["mpiReplicaSpecs"]["Worker"].get("replicas", 1)
        hosts = "".join(f"{name}-worker-{i}.{name}.{metadata['namespace']}.svc slots={slots}\n" for i in range(count))
        backoff = spec.get("runPolicy", {}).get("backoffLimit", 6)
        for resource, version, kind, part, content in (
                ("configmaps", "v1", "ConfigMap", name + "-config", {"data": {"hostfile": hosts}}),
                ("secrets", "v1", "Secret", name + "-ssh", {"data": sshkeys.new_pair()}),
                ("services", "v1", "Service", name, {"spec": {"clusterIP": "None"}}),
                ("jobs", "batch/v1", "Job", name + "-launcher", {"spec": {"backoffLimit": backoff, "template": self._launcher(job)}})):
            thing = {"apiVersion": version, "kind": kind, "metadata": {"name": part, "ownerReferences": [owner_of(job)]}}
            self.store.create(resource, metadata["namespace"], thing | content)

    def _launcher(self, job):
        launcher = job["spec"]["mpiReplicaSpecs"]["Launcher"]
        template = copy.deepcopy(launcher["template"])
        template["spec"]["restartPolicy"] = launcher.get("restartPolicy", "Never")
        self._add_ssh(template, job)
        container = template["spec"]["containers"][0]
        container["env"] = container.get("env", []) + [{"name": name, "value": value} for name, value in OF_OPERATOR]
        self._add_volume(template, "mpi-job-config", "/etc/mpi", {"configMap": {"name": job["metadata"]["name"] + "-config"}})
        return template

    def _add_ssh(self, template, job):
        items = [{"key": key, "path": path} for key, path in (
            ("ssh-privatekey", "id_rsa"), ("ssh-publickey", "id_rsa.pub"), ("ssh-publickey", "authorized_keys"))]
        secret = {"secretName": job["metadata"]["name"] + "-ssh", "defaultMode": 0o440, "items": items}
        self._add_volume(template, "ssh-auth", job["spec"].get("sshAuthMountPath", "/root/.ssh"), {"secret": secret})

    @staticmethod
    def _add_volume(template, name, path, source):
        template["spec"]["containers"][0].setdefault("volumeMounts", []).append({"name": name, "mountPath": path})
        template["spec"].setdefault("volumes", []).append({"name": name} | source)

    def _fill_workers(self, job, workers):
        spec, name = job["spec"]["mpiReplicaSpecs"]["Worker"], job["metadata"]["name"]
        if time.monotonic() < self.next_try.get(job["metadata"]["uid"], 0):
            return
        known = {pod["metadata"]["name"] for pod in workers}
        for index in range(spec.get("replicas", 1)):
            pod_name = f"{name}-worker-{index}"
            if pod_name in known:
                continue
            template = copy.deepcopy(spec["template"])
            template["spec"].update(hostname=pod_name, subdomain=name, restartPolicy=spec.get("restartPolicy", "Never"))
            self._add_ssh(template, job)
            if not self._make_pod(job, pod_name, template, {"training.kubeflow.org/job-name": name}, lambda pod: None):
                return
