"""The HTTP side of the cluster: discovery, objects, watches, logs, exec. Every answer is worded as the real server's."""
import http.server
import json
import socket
import threading
import time
import urllib.parse

import admission
import openapi
import rules
import streams
from store import Exists

CODES = {"BadRequest": 400, "Unauthorized": 401, "Forbidden": 403, "NotFound": 404, "AlreadyExists": 409, "Invalid": 422, "InternalError": 500}


def without_nulls(value):
    """What is null counts as absent."""
    if isinstance(value, dict):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value


class Failure(Exception):
    def __init__(self, reason, message, details=None):
        super().__init__(message)
        self.status = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": message, "reason": reason,
                       "details": details or {}, "code": CODES[reason]}


def matches(thing, labels, fields):
    """Selectors as kubectl sends them: "a=b,c!=d" on labels, "involvedObject.name=x" on fields."""
    def value_at(path):
        found = thing
        for part in path.split("."):
            found = found.get(part, {}) if isinstance(found, dict) else {}
        return found if isinstance(found, str) else ""

    for text, value_of in ((labels, lambda key: thing["metadata"].get("labels", {}).get(key, "")), (fields, value_at)):
        for term in filter(None, text.split(",")):
            if "=" not in term:
                if not value_of(term):
                    return False
                continue
            key, wanted = term.replace("==", "=").split("=", 1)
            if (value_of(key.rstrip("!")) == wanted) == key.endswith("!"):
                return False
    return True


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    cluster = None  # set by serve()

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.answer("get")

    def do_POST(self):
        self.answer("create")

    def do_DELETE(self):
        self.answer("delete")

    def answer(self, verb):
        try:
            self.body = self.read_body()
            self.url = urllib.parse.urlsplit(self.path)
            self.query = {key: values[-1] for key, values in urllib.parse.parse_qs(self.url.query).items()}
            self.words = urllib.parse.parse_qs(self.url.query).get("command", [])
            self.user = self.known_user()
            self.dispatch(verb)
        except Failure as failure:
            self.send(failure.status["code"], failure.status)
        except admission.Forbidden as refusal:
            self.send(403, Failure("Forbidden", str(refusal)).status)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def read_body(self):
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b""
        while length := int(self.rfile.readline(), 16):
            body += self.rfile.read(length)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def known_user(self):
        token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        user = self.cluster.tokens().get(token)
        if not user:
            raise Failure("Unauthorized", "Unauthorized")
        # Only the administrator may act for others.
        return self.headers.get("Impersonate-User") or user if user == "admin" else user

    def send(self, code, content, kind="application/json", headers=()):
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def dispatch(self, verb):
        path = self.url.path.rstrip("/")
        found = self.cluster.resources.discovery(path) if verb == "get" else None
        if found:
            return self.send(200, found)
        if path == "/openapi/v2":
            return self.send(200, openapi.document(self.cluster.resources.table), "application/com.github.proto-openapi.spec.v2.v1.0+protobuf")
        if path.startswith("/test/") and self.user == "admin":
            self.cluster.fault(path.split("/")[2:])
            return self.send(201, {"kind": "Status", "apiVersion": "v1", "status": "Success"})
        parts = path.split("/")[1:]
        if parts[0] == "api" and len(parts) > 2:
            return self.on_resource(verb, "", parts[1], parts[2:])
        if parts[0] == "apis" and len(parts) > 3:
            return self.on_resource(verb, parts[1], parts[2], parts[3:])
        raise Failure("NotFound", "the server could not find the requested resource")

    def on_resource(self, verb, group, version, parts):
        namespace = ""
        if parts[0] == "namespaces" and len(parts) > 2:
            namespace, parts = parts[1], parts[2:]
        resource, name, sub = (parts + ["", ""])[:3]
        full = resource + ("/" + sub if sub else "")
        if not self.cluster.resources.find(group, version, full):
            raise Failure("NotFound", "the server could not find the requested resource")
        if verb == "get" and not name:
            verb = "watch" if self.query.get("watch") in ("1", "true") else "list"
        if full == "pods/exec":
            verb = "create"  # since WebSockets came it is a GET, and needs the same right
        if resource == "selfsubjectaccessreviews":
            return self.review()
        admission.demand(self.cluster.store, self.user, verb, group, full, namespace, name)
        if full == "pods/log":
            return self.log(namespace, name)
        if full == "pods/exec":
            return self.exec(namespace, name)
        return {"list": self.list, "watch": self.watch, "get": self.get, "create": self.create, "delete": self.delete}[verb](resource, namespace, name)

    def review(self):
        review = json.loads(self.body)
        asked = review["spec"]["resourceAttributes"]
        resource = asked["resource"] + ("/" + asked["subresource"] if asked.get("subresource") else "")
        allowed = admission.is_allowed(self.cluster.store, self.user, asked["verb"], asked.get("group", ""), resource, asked.get("namespace", ""))
        review["status"] = {"allowed": allowed}
        self.send(201, review)

    def details(self, resource, name):
        group = self.cluster.resources.group_of(resource)
        return f'{resource}{"." + group if group else ""} "{name}"', {"name": name, "kind": resource, "group": group}

    def not_found(self, resource, name):
        subject, details = self.details(resource, name)
        return Failure("NotFound", f"{subject} not found", details)

    def existing(self, resource, namespace, name):
        thing = self.cluster.store.get(resource, namespace, name)
        if not thing:
            raise self.not_found(resource, name)
        return thing

    def get(self, resource, namespace, name):
        self.send(200, self.existing(resource, namespace, name))

    def chosen(self, things):
        return [thing for thing in things if matches(thing, self.query.get("labelSelector", ""), self.query.get("fieldSelector", ""))]

    def list(self, resource, namespace, _):
        store = self.cluster.store
        with store.changed:
            items, version = self.chosen(store.list(resource, namespace or None)), store.version
        kind, api_version = self.cluster.resources.kind_of(resource), self.cluster.resources.api_version(resource)
        self.send(200, {"kind": kind + "List", "apiVersion": api_version, "metadata": {"resourceVersion": str(version)}, "items": items})

    def begin_chunks(self, kind):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def chunk(self, data):
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()

    def is_gone(self):
        """True when the client has closed the connection."""
        try:
            self.connection.setblocking(False)
            return self.connection.recv(1) == b""
        except OSError:
            return False
        finally:
            self.connection.setblocking(True)

    def watch(self, resource, namespace, _):
        store = self.cluster.store
        known = int(self.query.get("resourceVersion") or 0)
        end = time.monotonic() + int(self.query.get("timeoutSeconds") or 3600)
        self.begin_chunks("application/json")
        if not known:
            known = store.version
            for thing in self.chosen(store.list(resource, namespace or None)):
                self.chunk(json.dumps({"type": "ADDED", "object": thing}).encode() + b"\n")
        while time.monotonic() < end and not self.is_gone():
            for version, kind, changed, place, thing in store.wait(known, 1):
                known = version
                if changed == resource and namespace in ("", place) and self.chosen([thing]):
                    self.chunk(json.dumps({"type": kind, "object": thing}).encode() + b"\n")
        self.chunk(b"")

    def create(self, resource, namespace, _):
        try:
            thing = without_nulls(json.loads(self.body))
            rules.check_document(thing)
        except (ValueError, rules.Refusal) as refusal:
            kind = self.cluster.resources.kind_of(resource)
            raise Failure("BadRequest", f'{kind} in version "{self.cluster.resources.table[resource][1]}" cannot be handled as a {kind}: {refusal}')
        except rules.Invalid as fault:
            name = thing["metadata"].get("name", "")
            raise Failure("Invalid", f'{thing["kind"]} "{name}" is invalid: {fault}')
        self.admit(resource, namespace, thing)
        subject, details = self.details(resource, thing["metadata"]["name"])
        warning = admission.security_warning(self.cluster.store, namespace, thing) if resource != "pods" else ""
        headers = [("Warning", '299 - "%s"' % warning.replace("\\", "\\\\").replace('"', '\\"'))] if warning else []
        if self.query.get("dryRun") == "All":
            if self.cluster.store.get(resource, namespace, thing["metadata"]["name"]):
                raise Failure("AlreadyExists", f"{subject} already exists", details)
            return self.send(201, thing, headers=headers)
        try:
            made = self.cluster.store.create(resource, namespace, thing)
        except Exists:
            raise Failure("AlreadyExists", f"{subject} already exists", details)
        self.send(201, made, headers=headers)

    def admit(self, resource, namespace, thing):
        store = self.cluster.store
        if self.cluster.resources.table[resource][3] and not store.get("namespaces", "", namespace):
            raise Failure("NotFound", f'namespaces "{namespace}" not found', {"name": namespace, "kind": "namespaces"})
        if thing["metadata"].get("namespace", namespace) != namespace:
            raise Failure("BadRequest", "the namespace of the provided object does not match the namespace sent on the request")
        if resource == "secrets":
            texts = thing.pop("stringData", {})
            thing.setdefault("data", {}).update({key: streams.base64_text(text.encode()) for key, text in texts.items()})
        if resource == "pods":
            admission.admit_pod(store, namespace, thing)
            thing["status"] = {"phase": "Pending"}

    def delete(self, resource, namespace, name):
        thing = self.existing(resource, namespace, name)
        options = json.loads(self.body) if self.body else {}
        seconds = options.get("gracePeriodSeconds", self.query.get("gracePeriodSeconds"))
        self.cluster.delete(resource, namespace, name, None if seconds is None else int(seconds))
        _, details = self.details(resource, name)
        self.send(200, {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": details | {"uid": thing["metadata"]["uid"]}})

    def log(self, namespace, name):
        pod = self.existing("pods", namespace, name)
        lines = self.cluster.node.log_of(pod)
        if lines is None:
            raise Failure("BadRequest", f'container "main" in pod "{name}" is waiting to start: {self.cluster.node.waiting_word(pod)}')
        is_stamped, follows = self.query.get("timestamps") == "true", self.query.get("follow") == "true"
        since = self.query.get("sinceTime", "")[:19]
        self.begin_chunks("text/plain")
        for line in lines(follows, self.is_gone):
            stamp, text = line.split(b" ", 1)
            if stamp.decode()[:19] >= since:
                self.chunk(line if is_stamped else text)
        self.chunk(b"")

    def exec(self, namespace, name):
        pod = self.existing("pods", namespace, name)
        phase = pod.get("status", {}).get("phase")
        if phase in ("Succeeded", "Failed"):
            raise Failure("BadRequest", f"cannot exec into a container in a completed pod; current phase is {phase}")
        if not self.cluster.node.is_running(pod):
            raise Failure("InternalError", 'unable to upgrade connection: container not found ("main")')
        self.close_connection = True
        streams.run_in_pod(self, lambda: self.cluster.node.start_in_pod(pod, self.words))


class Server(http.server.ThreadingHTTPServer):
    """Serves on one port; `pause` is a link that is lost: nothing listens, and every connection breaks."""
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, port, context, cluster):
        handler = type("BoundHandler", (Handler,), {"cluster": cluster})
        super().__init__(("127.0.0.1", port), handler)
        self.context = context
        self.connections = set()

    def get_request(self):
        connection, address = super().get_request()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # The handshake waits for the first byte, in the connection's own thread.
        secure = self.context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        self.connections.add(secure)
        return secure, address

    def shutdown_request(self, request):
        self.connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request, client_address):
        pass  # a client that broke off

    def start(self):
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self):
        self.shutdown()
        self.server_close()
        for connection in list(self.connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
