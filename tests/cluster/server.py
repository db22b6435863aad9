"""A cluster of one node for tests: speaks to the real kubectl as an API server does, and runs pods as processes of this machine.
It needs root (namespaces and mounts of its own; none of the machine's is changed), openssl, iproute2 and an ssh server.

Prints its port. Ends with its standard input, and takes every pod along. SIGUSR1 loses the link to all clients, SIGUSR2 brings
it back on the same port; pods go on meanwhile. FOLDER/kubeconfig is the administrator's; whose token FOLDER/tokens.json does
not hold is not known any more. `kubectl create --raw /test/evict/NAMESPACE/POD -f /dev/null` has the node evict a pod, `kill` in
the place of `evict` kills its process."""
import argparse
import json
import os
import signal
import ssl
import subprocess
import sys
import threading
import traceback

import api
from controllers import Controllers
from node import Node
from resources import Resources
from store import Store, now

KUBECONFIG = """apiVersion: v1
kind: Config
clusters: [{{name: test, cluster: {{server: "https://127.0.0.1:{port}", certificate-authority: "{folder}/ca.crt"}}}}]
users: [{{name: admin, user: {{token: admin-token}}}}]
contexts: [{{name: test, context: {{cluster: test, user: admin}}}}]
current-context: test
"""


class Cluster:
    def __init__(self, options):
        self.folder, self.store = options.folder, Store()
        self.resources = Resources(options.minor, options.operator)
        self.node = Node(self.store, options.folder, options.program, options.image, {"cpu": "64", "memory": "256Gi"})
        self.controllers = Controllers(self.store, self.delete, self.node)
        self.is_ending = False
        self.store.create("namespaces", "", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "default"}})

    def tokens(self):
        with open(self.folder + "/tokens.json", encoding="utf-8") as file:
            return json.load(file)

    def delete(self, resource, namespace, name, seconds):
        if resource == "namespaces":
            for key in list(self.store.objects):
                if key[1] == name:
                    self.delete(*key, seconds)
        if resource != "pods":
            self.store.remove(resource, namespace, name)
            return

        def edit(pod):
            grace = pod["spec"].get("terminationGracePeriodSeconds", 30) if seconds is None else seconds
            known = pod["metadata"].get("deletionGracePeriodSeconds", grace)
            pod["metadata"].update(deletionTimestamp=now(), deletionGracePeriodSeconds=min(grace, known))

        self.store.change(resource, namespace, name, edit)

    def fault(self, words):
        {"evict": self.node.evict, "kill": self.node.kill}[words[0]](words[1], words[2])

    def work(self):
        try:
            self._work()
        except BaseException:
            traceback.print_exc()
            os._exit(1)  # a cluster whose controllers stand still would only make tests wait

    def _work(self):
        """One round after each change, and some in between: delays end by themselves."""
        while not self.is_ending:
            version = self.store.version
            self.controllers.reconcile()
            self.node.reconcile()
            self.node.woken.clear()
            with self.store.changed:
                if self.store.version == version:
                    self.store.changed.wait(0.05)


def make_certificate(folder):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=weft-test",
                    "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder + "/ca.key", "-out", folder + "/ca.crt"],
                   check=True, stderr=subprocess.DEVNULL)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder + "/ca.crt", folder + "/ca.key")
    return context


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--program", required=True, help="the program weft, which pods find on their PATH")
    parser.add_argument("--image", action="append", default=[], help="an image that can be pulled")
    parser.add_argument("--operator", action="store_true", help="MPIJobs are served")
    parser.add_argument("--minor", type=int, default=31)
    options = parser.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    context = make_certificate(options.folder)
    write(options.folder + "/tokens.json", '{"admin-token": "admin"}')
    cluster = Cluster(options)
    server = api.Server(0, context, cluster)
    port = server.server_address[1]
    write(options.folder + "/kubeconfig", KUBECONFIG.format(port=port, folder=options.folder))
    server.start()
    worker = threading.Thread(target=cluster.work)
    worker.start()
    ends = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ends.set()), daemon=True).start()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ends.set())
    wanted = {"up": True}
    signal.signal(signal.SIGUSR1, lambda *_: wanted.update(up=False))
    signal.signal(signal.SIGUSR2, lambda *_: wanted.update(up=True))
    print(port, flush=True)
    while not ends.wait(0.02):
        if server and not wanted["up"]:
            server.stop()
            server = None
        elif not server and wanted["up"]:
            server = api.Server(port, context, cluster)
            server.start()
    cluster.is_ending = True
    worker.join()
    cluster.node.stop()
    os._exit(0)


main()
