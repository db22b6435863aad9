"""The objects of the cluster with their versions, and who waits for changes of them."""
import copy
import datetime
import threading
import uuid


def now():
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class Exists(Exception):
    pass


class Store:
    """Objects by (resource, namespace, name). What goes in and comes out are copies."""

    def __init__(self):
        self.changed = threading.Condition(threading.RLock())
        self.version = 1
        self.objects = {}
        self.log = []  # (version, ADDED | MODIFIED | DELETED, resource, namespace, object)

    def _note(self, kind, key, thing):
        self.version += 1
        thing["metadata"]["resourceVersion"] = str(self.version)
        self.log.append((self.version, kind, key[0], key[1], copy.deepcopy(thing)))
        self.changed.notify_all()

    def create(self, resource, namespace, thing):
        thing = copy.deepcopy(thing)
        metadata = thing["metadata"]
        with self.changed:
            key = (resource, namespace, metadata["name"])
            if key in self.objects:
                raise Exists()
            metadata.update({"uid": str(uuid.uuid4()), "creationTimestamp": now()})
            if namespace:
                metadata["namespace"] = namespace
            self.objects[key] = thing
            self._note("ADDED", key, thing)
            return copy.deepcopy(thing)

    def change(self, resource, namespace, name, edit):
        """`edit` changes the object in place; nothing is noted where it changes nothing. None where there is no such object."""
        with self.changed:
            key = (resource, namespace, name)
            if key not in self.objects:
                return None
            before = copy.deepcopy(self.objects[key])
            edit(self.objects[key])
            if self.objects[key] != before:
                self._note("MODIFIED", key, self.objects[key])
            return copy.deepcopy(self.objects[key])

    def remove(self, resource, namespace, name):
        with self.changed:
            thing = self.objects.pop((resource, namespace, name), None)
            if thing:
                self._note("DELETED", (resource, namespace, name), thing)
            return thing

    def get(self, resource, namespace, name):
        with self.changed:
            return copy.deepcopy(self.objects.get((resource, namespace, name)))

    def list(self, resource, namespace=None):
        with self.changed:
            return [copy.deepcopy(thing) for key, thing in sorted(self.objects.items(), key=lambda item: item[0])
                    if key[0] == resource and namespace in (None, key[1])]

    def wait(self, since, seconds):
        """The changes after a version; waits for one."""
        with self.changed:
            if self.version <= since:
                self.changed.wait(seconds)
            return [entry for entry in self.log if entry[0] > since]


def event(store, thing, reason, message, kind="Warning"):
    """An Event about an object; one that says the same again is counted."""
    metadata = thing["metadata"]
    for known in store.list("events", metadata["namespace"]):
        if known["involvedObject"].get("uid") == metadata["uid"] and (known["reason"], known["message"]) == (reason, message):
            store.change("events", metadata["namespace"], known["metadata"]["name"], lambda e: e.update(count=e["count"] + 1, lastTimestamp=now()))
            return
    involved = {"kind": thing["kind"], "namespace": metadata["namespace"], "name": metadata["name"], "uid": metadata["uid"]}
    store.create("events", metadata["namespace"], {
        "apiVersion": "v1", "kind": "Event", "metadata": {"name": f"{metadata['name']}.{uuid.uuid4().hex[:16]}"}, "involvedObject": involved,
        "reason": reason, "message": message, "type": kind, "count": 1, "firstTimestamp": now(), "lastTimestamp": now()})
