"""`exec` as kubectl speaks it: several streams over one upgraded connection, by WebSockets (kubectl from 1.31) or by SPDY/3.1
(https://www.chromium.org/spdy/spdy-protocol/spdy-protocol-draft3-1/)."""
import base64
import hashlib
import json
import struct
import threading
import zlib

STDIN, STDOUT, STDERR, ERROR, CLOSE = 0, 1, 2, 3, 255
NAMES = {"stdin": STDIN, "stdout": STDOUT, "stderr": STDERR, "error": ERROR}
WORDS = ("options head post put delete trace accept accept-charset accept-encoding accept-language accept-ranges age allow authorization "
         "cache-control connection content-base content-encoding content-language content-length content-location content-md5 content-range "
         "content-type date etag expect expires from host if-match if-modified-since if-none-match if-range if-unmodified-since last-modified "
         "location max-forwards pragma proxy-authenticate proxy-authorization range referer retry-after server te trailer transfer-encoding "
         "upgrade user-agent vary via warning www-authenticate method get status|200 OK|version HTTP/1.1 url public set-cookie keep-alive "
         "origin")
TAIL = ("100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505203 Non-Authoritative Information204 No "
        "Content301 Moved Permanently400 Bad Request401 Unauthorized403 Forbidden404 Not Found500 Internal Server Error501 Not Implemented503 "
        "Service UnavailableJan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMTchunked,text/html,"
        "image/png,image/jpg,image/gif,application/xml,application/xhtml+xml,text/plain,text/javascript,publicprivatemax-age=gzip,deflate,"
        "sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0.")


def base64_text(data):
    return base64.b64encode(data).decode()


def dictionary():
    """What both sides of SPDY/3 know before the first header."""
    words = [word for part in WORDS.split("|") for word in ([part] if part == "200 OK" else part.split())]
    return b"".join(struct.pack(">I", len(word)) + word.encode() for word in words) + TAIL.encode()


class WebSocketStreams:
    """One byte before each message says the stream (v5.channel.k8s.io)."""

    def __init__(self, handler):
        self.input, self.output, self.lock = handler.rfile, handler.wfile, threading.Lock()
        key = handler.headers["Sec-WebSocket-Key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        handler.send_response(101)
        for name, value in (("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Protocol", "v5.channel.k8s.io"),
                            ("Sec-WebSocket-Accept", base64_text(hashlib.sha1(key.encode()).digest()))):
            handler.send_header(name, value)
        handler.end_headers()

    def _write(self, opcode, data):
        length = struct.pack(">B", len(data)) if len(data) < 126 else struct.pack(">BQ", 127, len(data))
        with self.lock:
            self.output.write(bytes([0x80 | opcode]) + length + data)
            self.output.flush()

    def write(self, stream, data):
        self._write(2, bytes([stream]) + data)

    def close(self):
        self._write(8, struct.pack(">H", 1000))

    def read(self):
        """The next (stream, data); data is empty where the stream has ended. None when the client has gone."""
        while True:
            head = self.input.read(2)
            if len(head) < 2:
                return None
            opcode, length = head[0] & 15, head[1] & 127
            if length > 125:
                length = struct.unpack(">H" if length == 126 else ">Q", self.input.read(2 if length == 126 else 8))[0]
            mask, data = self.input.read(4), self.input.read(length)
            data = bytes(byte ^ mask[i % 4] for i, byte in enumerate(data)) if length < 4096 else _unmask(mask, data)
            if opcode == 8:
                return None
            if opcode == 9:
                self._write(10, data)
            elif data and data[0] == CLOSE:
                return data[1], b""
            elif len(data) > 1:
                return data[0], data[1:]


def _unmask(mask, data):
    size = len(data)
    wide = int.from_bytes(mask * (size // 4 + 1), "big") >> (8 * (4 - size % 4) if size % 4 else 32)
    return (int.from_bytes(data, "big") ^ wide).to_bytes(size, "big")


class SpdyStreams:
    """The client opens a SPDY stream for each of ours and says in its headers which it is."""

    def __init__(self, handler, wanted):
        self.input, self.output, self.lock = handler.rfile, handler.wfile, threading.Lock()
        self.inflate, self.deflate = zlib.decompressobj(zdict=dictionary()), zlib.compressobj(zdict=dictionary())
        self.ids, self.early = {}, []
        handler.send_response(101)
        for name, value in (("Connection", "Upgrade"), ("Upgrade", "SPDY/3.1"), ("X-Stream-Protocol-Version", "v4.channel.k8s.io")):
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.flush()
        while len(self.ids) < len(wanted):
            frame = self._frame()
            if frame is None:
                return
            if frame[0] is not None:
                self.early.append(frame)

    def _send(self, head, data):
        with self.lock:
            self.output.write(head + data)
            self.output.flush()

    def _control(self, kind, data):
        self._send(struct.pack(">HHI", 0x8003, kind, len(data)), data)

    def _headers(self, data):
        plain = self.inflate.decompress(data)
        words, at = [], 4
        while at < len(plain):
            length = struct.unpack(">I", plain[at:at + 4])[0]
            words.append(plain[at + 4:at + 4 + length].decode())
            at += 4 + length
        return dict(zip(words[::2], words[1::2]))

    def _frame(self):
        """One frame: (stream, data), or (None, None) where it was for this layer; None when the client has gone."""
        head = self.input.read(8)
        if len(head) < 8:
            return None
        first, flags_and_length = struct.unpack(">II", head)
        data = self.input.read(flags_and_length & 0xFFFFFF)
        if not first & 0x80000000:
            stream = {number: name for name, number in self.ids.items()}.get(first)
            return (stream, data) if data or flags_and_length >> 24 & 1 else (None, None)
        kind = first & 0xFFFF
        if kind == 1:
            number = struct.unpack(">I", data[:4])[0]
            self.ids[NAMES[self._headers(data[10:])["streamtype"]]] = number
            self._control(2, struct.pack(">I", number) + self.deflate.compress(struct.pack(">I", 0)) + self.deflate.flush(zlib.Z_SYNC_FLUSH))
        elif kind == 6:
            self._control(6, data)
        return None if kind == 7 else (None, None)

    def read(self):
        while True:
            frame = self.early.pop(0) if self.early else self._frame()
            if frame is None or frame[0] is not None:
                return frame

    def write(self, stream, data):
        for at in range(0, len(data), 1 << 16):
            part = data[at:at + (1 << 16)]
            self._send(struct.pack(">II", self.ids[stream], len(part)), part)

    def close(self):
        for number in self.ids.values():
            self._send(struct.pack(">II", number, 1 << 24), b"")


def _status(code):
    if code == 0:
        return {"metadata": {}, "status": "Success"}
    return {"metadata": {}, "status": "Failure", "message": f"command terminated with exit code {code}", "reason": "NonZeroExitCode",
            "details": {"causes": [{"reason": "ExitCode", "message": str(code)}]}}


def run_in_pod(handler, start):
    """Runs the process that `start` gives with the streams of the client."""
    wanted = ["error"] + [name for name in ("stdin", "stdout", "stderr") if handler.query.get(name) in ("true", "1")]
    is_socket = (handler.headers.get("Upgrade") or "").lower() == "websocket"
    streams = WebSocketStreams(handler) if is_socket else SpdyStreams(handler, wanted)
    process = start()

    def pump(source, stream):
        while data := source.read1(1 << 16):
            streams.write(stream, data)

    def finish():
        pumps = [threading.Thread(target=pump, args=pair) for pair in ((process.stdout, STDOUT), (process.stderr, STDERR))]
        for thread in pumps:
            thread.start()
        for thread in pumps:
            thread.join()
        streams.write(ERROR, json.dumps(_status(process.wait() & 0xFF)).encode())
        streams.close()

    end = threading.Thread(target=finish)
    end.start()
    if "stdin" not in wanted:
        process.stdin.close()
    while (message := streams.read()) is not None:
        if message[0] == STDIN and not process.stdin.closed:
            try:
                process.stdin.write(message[1])
                process.stdin.flush()
                if not message[1]:
                    process.stdin.close()
            except BrokenPipeError:
                pass  # it has read all that it wants
    # The client has gone: nobody reads what the process still prints.
    process.kill()
    end.join()
