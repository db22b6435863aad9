"""The node: pods become processes with namespaces of their own, addresses on a bridge that nobody else sees, and the volumes at
their paths. One thread calls `reconcile`; what a pod prints is kept with its times, as kubelets do."""
import base64
import json
import os
import shutil
import subprocess
import sys
import threading
import time

from store import event, now

HERE = os.path.dirname(os.path.abspath(__file__))
SSH_CLIENT = "Host *\n  Port 2222\n  StrictHostKeyChecking no\n  UserKnownHostsFile /dev/null\n  LogLevel ERROR\n"
SSH_SERVER = ("Port 2222\nHostKey /home/mpiuser/.ssh/id_rsa\nAuthorizedKeysFile /home/mpiuser/.ssh/authorized_keys\nStrictModes no\nUsePAM no\n"
              "PidFile none\n")
EVICTION = "The node was low on resource: ephemeral-storage. Threshold quantity: 1Gi, available: 12Mi."
NO_SERVER = ("mount failed: exit status 32\nMounting command: mount\nMounting arguments: -t nfs 10.42.255.254:/runs /var/lib/kubelet/runs\n"
             "Output: mount.nfs: Connection timed out")


class Unmounted(Exception):
    """A volume that cannot be mounted, in the kubelet's words."""


def stamp():
    nanoseconds = time.time_ns()
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(nanoseconds // 10**9)) + f".{nanoseconds % 10**9:09d}Z"


class Container:
    """A process with its log."""

    def __init__(self, process, number, log, woken):
        self.process, self.number, self.log_path, self.woken = process, number, log, woken
        self.is_over, self.code, self.killed_at = False, None, None
        self.grown = threading.Condition()
        open(log, "w").close()
        threading.Thread(target=self._keep, daemon=True).start()

    def _keep(self):
        with open(self.log_path, "ab", buffering=0) as log:
            for line in self.process.stdout:
                with self.grown:
                    log.write(stamp().encode() + b" " + line.rstrip(b"\n") + b"\n")
                    self.grown.notify_all()
        self.code = self.process.wait()
        with self.grown:
            self.is_over = True
            self.grown.notify_all()
        self.woken.set()

    def lines(self, follows, is_unwanted):
        with open(self.log_path, "rb") as log:
            while True:
                with self.grown:
                    line = log.readline()
                    if not line:
                        if not follows or self.is_over:
                            return
                        self.grown.wait(0.5)
                if line:
                    yield line
                elif is_unwanted():
                    return

    def signal(self, number):
        if not self.is_over:
            try:
                os.kill(self.number, number)
            except ProcessLookupError:
                pass


class Node:
    def __init__(self, store, folder, program, images, capacity):
        self.store, self.folder, self.images, self.capacity = store, folder, images, capacity
        self.programs = [os.path.dirname(os.path.dirname(os.path.realpath(program)))]
        self.path = os.path.dirname(os.path.realpath(program)) + ":/usr/local/bin:/usr/bin:/bin:/usr/sbin"
        self.woken, self.evicted = threading.Event(), set()
        self.containers, self.addresses, self.next_try, self.hosts = {}, {}, {}, {}
        # Holds the network of the pods, and ends with us.
        self.spaces = subprocess.Popen(["unshare", "--net", "sh", "-c", "echo; exec cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.spaces.stdout.readline()
        self._in_network(self.spaces.pid, "ip link add pods type bridge && ip link set pods up")

    @staticmethod
    def _in_network(number, script):
        subprocess.run(["nsenter", "--target", str(number), "--net", "sh", "-c", script], check=True)

    def stop(self):
        for container in self.containers.values():
            container.signal(9)
        for container in self.containers.values():
            container.process.wait()
        self.spaces.kill()
        self.spaces.wait()

    # What the server asks for.

    def is_running(self, pod):
        container = self.containers.get(pod["metadata"]["uid"])
        return container is not None and not container.is_over

    def log_of(self, pod):
        container = self.containers.get(pod["metadata"]["uid"])
        return container.lines if container else None

    @staticmethod
    def waiting_word(pod):
        statuses = pod.get("status", {}).get("containerStatuses") or [{}]
        return statuses[0].get("state", {}).get("waiting", {}).get("reason", "ContainerCreating")

    def start_in_pod(self, pod, words):
        container = self.containers[pod["metadata"]["uid"]]
        user = str(pod["spec"].get("securityContext", {}).get("runAsUser", 1000))
        enter = ["nsenter", "--target", str(container.number), "--all", "--root", "--setuid", user, "--setgid", user]
        environment = ["env", "-i", "--chdir=/", f"PATH={self.path}", "HOME=/home/mpiuser"]
        return subprocess.Popen(enter + environment + words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def evict(self, namespace, name):
        """Its processes end first; then the pod says why."""
        uid = self.store.get("pods", namespace, name)["metadata"]["uid"]
        self.evicted.add(uid)
        self.containers[uid].signal(9)

    def kill(self, namespace, name):
        self.containers[self.store.get("pods", namespace, name)["metadata"]["uid"]].signal(9)

    # What it does by itself.

    def reconcile(self):
        for pod in self.store.list("pods"):
            container = self.containers.get(pod["metadata"]["uid"])
            if pod["metadata"].get("deletionTimestamp"):
                self._end(pod, container)
            elif pod["status"].get("phase") in ("Succeeded", "Failed") or not pod["spec"].get("nodeName"):
                continue
            elif container is None:
                self._begin(pod)
            elif container.is_over:
                self._ended(pod, container)
        for namespace in {pod["metadata"]["namespace"] for pod in self.store.list("pods")}:
            self._write_hosts(namespace)

    def _end(self, pod, container):
        metadata = pod["metadata"]
        if container is None or container.is_over:
            self.store.remove("pods", metadata["namespace"], metadata["name"])
            self._forget(pod)
            return
        if container.killed_at is None:
            container.signal(15)
            container.killed_at = time.monotonic() + metadata["deletionGracePeriodSeconds"]
        if time.monotonic() >= container.killed_at:
            container.signal(9)

    def _forget(self, pod):
        uid = pod["metadata"]["uid"]
        container = self.containers.pop(uid, None)
        self.addresses.pop(uid, None)
        if container:
            os.remove(container.log_path)
        for name in ("roots", "volumes"):
            shutil.rmtree(f"{self.folder}/{name}/{uid}", ignore_errors=True)

    def _set_waiting(self, pod, reason, message=""):
        def edit(thing):
            status = (thing["status"].get("containerStatuses") or [{"name": "main", "restartCount": 0, "ready": False}])[0]
            status["state"] = {"waiting": {"reason": reason, "message": message}}
            thing["status"]["containerStatuses"] = [status]

        self.store.change("pods", pod["metadata"]["namespace"], pod["metadata"]["name"], edit)

    def _begin(self, pod):
        uid, container = pod["metadata"]["uid"], pod["spec"]["containers"][0]
        if time.monotonic() < self.next_try.get(uid, 0):
            return
        image = container["image"]
        if image not in self.images:
            if container.get("imagePullPolicy") == "Never":
                return self._set_waiting(pod, "ErrImageNeverPull", f'Container image "{image}" is not present with pull policy of Never')
            if self.waiting_word(pod) == "ErrImagePull":
                return self._set_waiting(pod, "ImagePullBackOff", f'Back-off pulling image "{image}"')
            self.next_try[uid] = time.monotonic() + 1
            return self._set_waiting(pod, "ErrImagePull", f'failed to pull and unpack image "{image}": failed to resolve reference "{image}": not found')
        try:
            mounts = self._mounts(pod)
        except Unmounted as fault:
            event(self.store, pod, "FailedMount", f"MountVolume.SetUp failed for volume {fault}")
            return self._set_waiting(pod, "ContainerCreating")
        self._start(pod, mounts)

    def _write_files(self, folder, contents, owner, mode):
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        for name, data in contents.items():
            with open(f"{folder}/{name}", "wb") as file:
                file.write(data)
            os.chown(f"{folder}/{name}", 0, owner)
            os.chmod(f"{folder}/{name}", mode)

    def _source(self, pod, volume):
        """The folder of a volume. Raises Unmounted where it cannot be had."""
        namespace, group = pod["metadata"]["namespace"], pod["spec"].get("securityContext", {}).get("fsGroup", 0)
        place = f"{self.folder}/volumes/{pod['metadata']['uid']}/{volume['name']}"
        for kind, resource, key in (("configMap", "configmaps", "name"), ("secret", "secrets", "secretName")):
            if kind not in volume:
                continue
            thing = self.store.get(resource, namespace, volume[kind][key])
            if not thing:
                raise Unmounted(f'"{volume["name"]}" : {kind.lower()} "{volume[kind][key]}" not found')
            data = {name: base64.b64decode(text) if kind == "secret" else text.encode() for name, text in thing["data"].items()}
            if volume[kind].get("items"):
                data = {item["path"]: data[item["key"]] for item in volume[kind]["items"]}
            self._write_files(place, data, group, volume[kind].get("defaultMode", 0o644))
            return place
        if volume.get("emptyDir", {}).get("medium") == "Memory":
            return "memory"
        claim = volume.get("persistentVolumeClaim", {}).get("claimName")
        if claim and (self.store.get("persistentvolumeclaims", namespace, claim) or {}).get("spec", {}).get("storageClassName") == "unreachable":
            raise Unmounted(f'"pvc-{claim}" : {NO_SERVER}')
        place = f"{self.folder}/claims/{namespace}/{claim}" if claim else place
        os.makedirs(place, exist_ok=True)
        os.chown(place, 0, group)
        os.chmod(place, 0o2775)
        return place

    def _mounts(self, pod):
        sources = {volume["name"]: self._source(pod, volume) for volume in pod["spec"].get("volumes", [])}
        mounts = [{"source": sources[mount["name"]], "path": mount["mountPath"], "readOnly": mount.get("readOnly", False)}
                  for mount in pod["spec"]["containers"][0].get("volumeMounts", [])]
        return mounts + [{"source": self._hosts_file(pod["metadata"]["namespace"]), "path": "/etc/hosts", "readOnly": True}]

    def _hosts_file(self, namespace):
        os.makedirs(self.folder + "/hosts", exist_ok=True)
        path = f"{self.folder}/hosts/{namespace}"
        open(path, "a").close()
        return path

    def _write_hosts(self, namespace):
        """Names of pods that a headless Service gives them, in place: the file is mounted."""
        text = "127.0.0.1 localhost\n"
        for pod in self.store.list("pods", namespace):
            if pod["status"].get("phase") in ("Succeeded", "Failed"):
                continue  # Another pod may have the name by now.
            address, spec = self.addresses.get(pod["metadata"]["uid"]), pod["spec"]
            host, domain = spec.get("hostname", pod["metadata"]["name"]), spec.get("subdomain", "")
            if address and domain and self.store.get("services", namespace, domain):
                text += f"{address} {host}.{domain} {host}.{domain}.{namespace}.svc {host}.{domain}.{namespace}.svc.cluster.local\n"
        if self.hosts.get(namespace) != text:
            self.hosts[namespace] = text
            with open(self._hosts_file(namespace), "w", encoding="utf-8") as file:
                file.write(text)

    def _init_spec(self, pod, mounts):
        spec = pod["spec"]
        uid, name = spec.get("securityContext", {}).get("runAsUser", 1000), spec.get("hostname", pod["metadata"]["name"])
        environment = {"PATH": self.path, "HOME": "/home/mpiuser", "HOSTNAME": name, "LANG": "C.UTF-8"}
        environment.update({entry["name"]: entry.get("value", "") for entry in spec["containers"][0].get("env", [])})
        files = {"/etc/passwd": f"root:x:0:0:root:/root:/bin/sh\nmpiuser:x:{uid}:{uid}::/home/mpiuser:/bin/sh\n",
                 "/etc/group": f"root:x:0:\nmpiuser:x:{uid}:\n", "/etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
                 "/etc/ssh/ssh_config": SSH_CLIENT, "/home/mpiuser/.sshd_config": SSH_SERVER}
        return {"root": f"{self.folder}/roots/{pod['metadata']['uid']}", "uid": uid, "hostname": name, "programs": self.programs, "mounts": mounts,
                "files": files, "environment": environment, "command": spec["containers"][0]["command"] + spec["containers"][0].get("args", [])}

    def _plug(self, number, uid):
        used = set(self.addresses.values())
        address = next(a for a in (f"10.42.{i // 250}.{i % 250 + 2}" for i in range(1000)) if a not in used)
        link = f"pod{number}"
        self._in_network(self.spaces.pid, f"ip link add {link} type veth peer name eth0 netns {number} && ip link set {link} master pods up")
        self._in_network(number, f"ip addr add {address}/16 dev eth0 && ip link set eth0 up && ip link set lo up")
        self.addresses[uid] = address

    def _start(self, pod, mounts):
        metadata, uid = pod["metadata"], pod["metadata"]["uid"]
        spec = self._init_spec(pod, mounts)
        os.makedirs(spec["root"], exist_ok=True)
        os.makedirs(self.folder + "/logs", exist_ok=True)
        read_end, write_end = os.pipe()
        process = subprocess.Popen([sys.executable, HERE + "/pod_init.py", str(write_end)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, pass_fds=[write_end])
        os.close(write_end)
        with os.fdopen(read_end) as report:
            number = int(report.readline())
        self._plug(number, uid)
        restarts = (pod["status"].get("containerStatuses") or [{}])[0].get("restartCount", 0)
        self.containers[uid] = Container(process, number, f"{self.folder}/logs/{uid}-{restarts}", self.woken)

        def edit(thing):
            known = (thing["status"].get("containerStatuses") or [{}])[0]
            thing["status"]["phase"] = "Running"
            thing["status"]["podIP"] = self.addresses[uid]
            thing["status"]["containerStatuses"] = [{"name": "main", "image": pod["spec"]["containers"][0]["image"], "ready": True, "restartCount": restarts,
                                                     "state": {"running": {"startedAt": now()}}, "lastState": known.get("lastState", {})}]

        self.store.change("pods", metadata["namespace"], metadata["name"], edit)
        process.stdin.write(json.dumps(spec).encode() + b"\n")
        process.stdin.close()

    def _ended(self, pod, container):
        code, metadata = container.code, pod["metadata"]
        code = 128 - code if code < 0 else code
        ended = {"terminated": {"exitCode": code, "reason": "Completed" if code == 0 else "Error", "finishedAt": now()}}
        restarts = pod["spec"].get("restartPolicy", "Always")
        if metadata["uid"] not in self.evicted and (restarts == "Always" or restarts == "OnFailure" and code != 0):
            self._restart(pod, ended)
            return

        def edit(thing):
            status = thing["status"]
            status["phase"] = "Succeeded" if code == 0 else "Failed"
            status["containerStatuses"][0].update(state=ended, ready=False)
            if metadata["uid"] in self.evicted:
                status.update(reason="Evicted", message=EVICTION)
                status["conditions"].append({"type": "DisruptionTarget", "status": "True", "reason": "TerminationByKubelet", "message": EVICTION})

        self.store.change("pods", metadata["namespace"], metadata["name"], edit)

    def _restart(self, pod, ended):
        metadata = pod["metadata"]
        self.containers.pop(metadata["uid"])
        self.addresses.pop(metadata["uid"])

        def edit(thing):
            status = thing["status"]["containerStatuses"][0]
            status.update(lastState=ended, restartCount=status["restartCount"] + 1, ready=False,
                          state={"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 10s restarting failed container=main"}})

        self.next_try[metadata["uid"]] = time.monotonic() + 0.3
        self.store.change("pods", metadata["namespace"], metadata["name"], edit)
