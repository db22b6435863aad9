"""A target of Slurm on hosts of their own with the real munged, slurmctld and slurmd: ranks by mpirun and by srun, the queue, a
cancelled job, the end of a job's time, after which it goes on, a script that the user has edited. Exit code 77: not run."""
import os
import shutil
import signal
import subprocess
import sys
import time

from hosts import DYING, WEFT, Network, missing, wait_for
from hosts_train import HOSTS, HostsTest, Training, run_cases, seconds_of

EPOCHS = 200
NEEDED = ["/usr/sbin/munged", "/usr/sbin/slurmctld", "/usr/sbin/slurmd", "sbatch", "srun", "squeue", "scancel", "scontrol"]
DAEMONS = ("munged", "slurmctld", "slurmd ", "slurmscriptd")
CONF = """ClusterName=weft
SlurmctldHost=alpha(10.77.0.11)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
AuthInfo=cred_expire=5
StateSaveLocation={folder}/slurm/state
SlurmdSpoolDir={folder}/slurm/spool-%n
SlurmctldPidFile=/run/slurmctld.pid
SlurmdPidFile=/run/slurmd.pid
SlurmctldLogFile={folder}/slurm/slurmctld.log
SlurmdLogFile={folder}/slurm/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerType=sched/builtin
SchedulerParameters=batch_sched_delay=0,sched_interval=2
KillWait=2
ReturnToService=2
NodeName=alpha NodeAddr=10.77.0.11 CPUs={cores}
NodeName=beta NodeAddr=10.77.0.12 CPUs={cores}
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""


class SlurmTest(HostsTest):
    target = "cluster"

    def __init__(self, network):
        super().__init__(network)
        self.daemons = []
        os.makedirs(network.path("slurm/state"))
        network.write("slurm/slurm.conf", CONF.format(folder=network.folder, cores=os.cpu_count()))
        network.write("slurm/cgroup.conf", "CgroupPlugin=cgroup/v1\n")
        network.write("munge.key", os.urandom(128).hex())
        os.chmod(network.path("munge.key"), 0o400)
        for host in (self.alpha, self.beta):
            host.run(["mount", "--bind", network.path("slurm"), "/etc/slurm"])
            host.run(["mkdir", "-p", "-m", "755", "/run/munge"])
            self.start(host, "/usr/sbin/munged", "--foreground", "--force", "--key-file", network.path("munge.key"), "--pid-file", "/run/munge/munged.pid",
                       "--log-file", f"{host.home}/munged.log", "--seed-file", f"{host.home}/munge.seed")
        self.start(self.alpha, "/usr/sbin/slurmctld", "-D")
        for host in (self.alpha, self.beta):
            self.start(host, "/usr/sbin/slurmd", "-D", "-N", host.name)
        wait_for(lambda: self.slurm("sinfo", "-h", "-t", "idle", "-o", "%D").strip() == "2", 30, self.slurm_logs)

    def start(self, host, *words):
        with open(os.path.join(host.home, "daemons.log"), "a") as log:
            self.daemons.append(subprocess.Popen([*DYING, *host.words(words)], stdout=log, stderr=log))

    def slurm(self, *words, **options):
        done = subprocess.run(self.alpha.words(words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=30, **options)
        return done.stdout if done.returncode == 0 else done.stderr

    def slurm_logs(self):
        names = [f"slurm/{name}" for name in os.listdir(self.network.path("slurm")) if name.endswith(".log")] + [f"{name}/daemons.log" for name in HOSTS]
        return "\n".join(open(self.network.path(name)).read()[-1500:] for name in names)

    def jobs(self, form="%i"):
        return self.slurm("squeue", "--noheader", "--format=" + form).split("\n")[:-1]

    def clear(self):
        self.slurm("scancel", "--user=root")
        wait_for(lambda: not self.jobs(), 30, self.slurm_logs)
        super().clear()
        shutil.rmtree(self.network.path("shared"), ignore_errors=True)
        self.weft("target", "set", "cluster", "start=", "time=", "saveSeconds=")

    def nothing_is_left(self, seconds=5):
        wait_for(lambda: not self.jobs(), seconds, lambda: f"no job: {self.jobs('%i %T %r')}")
        left = lambda: [(host.name, line) for host in (self.alpha, self.beta) for line in host.processes().values() if not any(d in line for d in DAEMONS)]
        wait_for(lambda: not left(), seconds, lambda: f"the end of {left()}")
        assert not os.path.exists(self.network.path("shared")), "a job's folder is left"

    def a_target_is_made_and_tested(self):
        self.weft("target", "add", "cluster", "slurm", "login=alpha", "nodes=2", f"weft={WEFT}", "directory=" + self.network.path("shared"),
                  "network=10.77.0.0/24")
        said = self.weft("target", "test", "cluster")
        assert "Slurm would take a job" in said, said

    def mpirun_starts_the_ranks(self):
        self.whole = Training(self, "whole", f"--epochs={EPOCHS}")
        self.whole.end()
        assert [rank["host"] for rank in self.whole.ranks()] == list(HOSTS), self.whole.ranks()
        self.nothing_is_left()

    def srun_starts_the_ranks(self):
        self.weft("target", "set", "cluster", "start=srun")
        training = Training(self, "srun", f"--epochs={EPOCHS}")
        training.end()
        assert [rank["host"] for rank in training.ranks()] == list(HOSTS), training.ranks()
        assert training.weights() == self.whole.weights(), "srun gives other weights than mpirun"
        self.weft("target", "set", "cluster", "start=")
        self.nothing_is_left()

    def srun_gives_each_rank_its_cores(self):
        self.weft("target", "set", "cluster", "start=srun", "threads=2")
        training = Training(self, "cores", "--epochs=1000000")
        training.wait("epoch")
        self.nobody_listens_outside("10.77.0.", ["weft"])
        steps = [step for step in self.slurm("scontrol", "show", "step").split("StepId=") if ".0 " in step[:20]]
        assert len(steps) == 1 and "CPUs=4 Tasks=2" in steps[0], steps
        self.stop(training)
        self.weft("target", "set", "cluster", "start=", "threads=")

    def a_killed_rank_of_srun(self):
        self.weft("target", "set", "cluster", "start=srun")
        training = Training(self, "killed", "--epochs=1000000")
        training.wait("epoch", count=2)
        since = time.time()
        self.beta.signal(training.ranks()[1]["pid"], signal.SIGKILL)
        resumed = training.wait("resumed", seconds=60)
        assert training.events("failed")[-1]["seq"] < resumed["seq"], "the run went on without a word of its loss"
        took = seconds_of(resumed) - since
        # One that is lost each time ends the job.
        for count in range(2, 5):
            training.wait("started", count=count, seconds=60)
            known = len(training.events("epoch"))
            training.wait("epoch", count=known + 1)
            self.beta.signal(training.ranks()[1]["pid"], signal.SIGKILL)
        training.end(code=1)
        said = [event["message"] for event in training.events("failed")]
        assert said == 4 * ["The run lost rank 1 on beta: Killed."], said
        self.weft("target", "set", "cluster", "start=")
        self.nothing_is_left()
        return [f"trains again after {took:.1f} s"]

    def a_job_waits_and_is_taken_back(self):
        blocker = self.slurm("sbatch", "--parsable", "--exclusive", "--nodes=2", "--output=/dev/null", "--wrap=sleep 1000").strip()
        trainings = []
        for place, name in enumerate(("waits", "waits-longer"), 1):
            trainings.append(Training(self, name))
            wait_for(lambda: f"place {place} of {place} in the queue" in trainings[-1].errors(), 30, trainings[-1].errors)
        # Ctrl+C takes a job back that has not begun.
        trainings[1].process.send_signal(2)
        trainings[1].end()
        self.slurm("scancel", blocker)
        trainings[0].end()
        self.nothing_is_left()

    def a_job_is_cancelled(self):
        training = Training(self, "cancelled", "--epochs=1000000")
        training.wait("epoch")
        self.slurm("scancel", *self.jobs())
        training.end(code=1)
        assert "cancelled" in training.events("failed")[-1]["message"], training.events("failed")
        self.nothing_is_left()

    def a_run_is_saved_before_its_time_is_over(self):
        self.weft("target", "set", "cluster", "time=1", "saveSeconds=10")
        training = Training(self, "timed", "--epochs=1000000")
        training.wait("stopped", seconds=60)
        saved = training.events("stopped")[-1]["step"]
        assert training.wait("resumed", seconds=60)["step"] == saved, "work is lost at the end of the time"
        self.stop(training)
        self.weft("target", "set", "cluster", "time=", "saveSeconds=")

    def a_job_that_is_queued_again_from_outside_goes_on(self):
        for start in ("", "srun"):
            self.weft("target", "set", "cluster", "start=" + start)
            training = Training(self, "requeued" + start, "--epochs=1000000")
            training.wait("epoch", count=2)
            known = len(training.events())
            self.slurm("scontrol", "requeue", *self.jobs())
            resumed = training.wait("resumed", seconds=90)
            batches = [event["step"] for event in training.events()[:known] if event["event"] == "batch"]
            assert batches[-1] - resumed["step"] <= 10, f"went back from step {batches[-1]} to {resumed['step']}"
            training.wait("epoch", count=len(training.events("epoch")) + 1)
            assert not training.events("control"), "nobody has commanded anything"
            self.stop(training)
        self.weft("target", "set", "cluster", "start=")

    def the_script_is_the_users(self):
        script = self.weft("train", self.project, "--target=cluster", "--dry-run")
        own = self.network.path("own.sh")
        with open(own, "w") as file:
            file.write(script.replace("#SBATCH --requeue\n", "#SBATCH --requeue\n#SBATCH --comment=mine\n"))
        training = Training(self, "own", "--epochs=1000000", "--script", own)
        training.wait("epoch")
        assert self.jobs("%k") == ["mine"], self.jobs("%k %i")
        self.stop(training)


CASES = ["a_target_is_made_and_tested", "mpirun_starts_the_ranks", "srun_starts_the_ranks", "srun_gives_each_rank_its_cores", "a_killed_rank_of_srun", "a_job_waits_and_is_taken_back", "a_job_is_cancelled",
         "a_run_is_saved_before_its_time_is_over", "a_job_that_is_queued_again_from_outside_goes_on", "the_script_is_the_users"]

if __name__ == "__main__":
    sys.exit(run_cases(SlurmTest, CASES, missing(NEEDED)))
