"""What the programs of all peers do: one process keeps its network and times steps whenever it is asked to."""
import json
import resource
import statistics
import sys
import time


def serve(step, batch, version):
    """Says that it is ready, then answers each line with a number of steps by the samples per second of the median step
    and the largest resident memory so far."""
    print(json.dumps({"version": version}), flush=True)
    for line in sys.stdin:
        times = []
        for _ in range(int(line)):
            start = time.perf_counter()
            step()
            times.append(time.perf_counter() - start)
        print(json.dumps({"rate": batch / statistics.median(times), "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}), flush=True)
