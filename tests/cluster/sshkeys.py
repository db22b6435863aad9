"""Keys as the MPI Operator puts them into the Secret of a job."""
import base64
import subprocess
import tempfile


def new_pair():
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder + "/key"], check=True)
        read = lambda name: base64.b64encode(open(f"{folder}/{name}", "rb").read()).decode()
        return {"ssh-privatekey": read("key"), "ssh-publickey": read("key.pub")}
